import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  type ListMultipartUploadsCommandInput,
} from "@aws-sdk/client-s3";
import fc from "fast-check";
import { beforeAll, expect } from "vitest";
import { verdict } from "../error-document.ts";
import { objectPath, sendSigned } from "../raw-request.ts";
import { decodeListedKey, ruleTest, type Target } from "../target.ts";

const KEYS = ["a", "a", "a", "dir/x y", "dir/x y", "dir/é", "other/\uffff", "other/😀", "z&<>"];
const PART_NUMBERS = [1, 2, 3, 5, 8, 13, 10_000];

/** ListMultipartUploads and ListParts: order, filters and pages. */
export function uploadListingRules(target: Target): void {
  const rule = ruleTest(target);
  const { client } = target;
  let Bucket = "";
  const uploadIds: string[] = [];
  beforeAll(async () => {
    Bucket = await target.makeBucket();
    for (const Key of KEYS) {
      const command = new CreateMultipartUploadCommand({
        Bucket,
        Key,
        StorageClass: "STANDARD_IA",
      });
      uploadIds.push((await client.send(command)).UploadId ?? "");
    }
    for (const PartNumber of PART_NUMBERS.toReversed()) {
      const part = { Bucket, Key: "a", UploadId: uploadIds[0], PartNumber };
      await client.send(new UploadPartCommand({ ...part, Body: Buffer.alloc(PartNumber % 50, 1) }));
    }
  });

  const list = (options: Partial<ListMultipartUploadsCommandInput> = {}) =>
    client.send(new ListMultipartUploadsCommand({ Bucket, ...options }));

  rule("uploads are listed by key in the order of UTF-8 bytes, each with its ID", async () => {
    const { Uploads = [], IsTruncated } = await list();
    expect(Uploads.map(({ Key }) => Key)).toEqual(KEYS);
    expect(Uploads.map(({ UploadId }) => UploadId).toSorted()).toEqual(uploadIds.toSorted());
    expect(IsTruncated).toBe(false);
  });

  rule("uploads of one key are listed in the order of their creation", async () => {
    const { Uploads = [] } = await list({ Prefix: "a" });
    expect(Uploads.map(({ UploadId }) => UploadId)).toEqual(uploadIds.slice(0, 3));
  });

  rule("an upload is listed with time, class, owner and initiator", async () => {
    const { Uploads = [] } = await list({ Prefix: "z" });
    expect(Uploads[0]).toMatchObject({ Key: "z&<>", StorageClass: "STANDARD_IA" });
    expect(Date.now() - Number(Uploads[0]?.Initiated)).toBeLessThan(600_000);
    expect(Uploads[0]?.Initiator?.ID).toBeTruthy();
    expect(Uploads[0]?.Owner?.ID).toBeTruthy();
  });

  rule("a prefix selects uploads", async () => {
    const { Uploads = [] } = await list({ Prefix: "dir/x" });
    expect(Uploads.map(({ Key }) => Key)).toEqual(["dir/x y", "dir/x y"]);
  });

  rule("a delimiter folds uploads into common prefixes", async () => {
    const { Uploads = [], CommonPrefixes = [] } = await list({ Delimiter: "/" });
    expect(Uploads.map(({ Key }) => Key)).toEqual(["a", "a", "a", "z&<>"]);
    expect(CommonPrefixes.map(({ Prefix }) => Prefix)).toEqual(["dir/", "other/"]);
  });

  rule("encoding-type=url encodes the keys of uploads", async () => {
    const { Uploads = [] } = await list({ Prefix: "dir/", EncodingType: "url" });
    const keys = Uploads.map(({ Key }) => Key);
    expect(keys[0]).toMatch(/^dir\/x(\+|%20)y$/);
    expect(keys.map(decodeListedKey)).toEqual(["dir/x y", "dir/x y", "dir/é"]);
  });

  rule("a key marker without an upload ID skips all uploads of that key", async () => {
    const { Uploads = [] } = await list({ KeyMarker: "a" });
    expect(Uploads.map(({ Key }) => Key)).toEqual(KEYS.slice(3));
  });

  rule("pages of uploads of any size tile the list exactly", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: KEYS.length + 1 }), async (MaxUploads) => {
        expect(await pagedIds({ MaxUploads })).toEqual([...uploadIds].toSorted());
      }),
      { numRuns: 6 },
    );
  });

  rule("pages of uploads with a delimiter tile uploads and prefixes exactly", async () => {
    for (const MaxUploads of [1, 2, 3]) {
      const entries: string[] = [];
      let marker: Partial<ListMultipartUploadsCommandInput> = {};
      for (;;) {
        const page = await list({ Delimiter: "/", MaxUploads, ...marker });
        entries.push(...(page.Uploads ?? []).map(({ UploadId = "" }) => UploadId));
        entries.push(...(page.CommonPrefixes ?? []).map(({ Prefix = "" }) => Prefix));
        if (!page.IsTruncated) break;
        marker = markerAfter(page);
      }
      const own = [...uploadIds.slice(0, 3), ...uploadIds.slice(-1), "dir/", "other/"];
      expect(entries.toSorted()).toEqual(own.toSorted());
    }
  });

  async function pagedIds(options: Partial<ListMultipartUploadsCommandInput>): Promise<string[]> {
    const ids: string[] = [];
    let marker: Partial<ListMultipartUploadsCommandInput> = {};
    for (;;) {
      const page = await list({ ...options, ...marker });
      expect(page.Uploads?.length).toBeLessThanOrEqual(options.MaxUploads ?? 1_000);
      ids.push(...(page.Uploads ?? []).map(({ UploadId = "" }) => UploadId));
      if (!page.IsTruncated) return ids.toSorted();
      marker = markerAfter(page);
    }
  }

  rule("parts are listed by number with size, ETag and time", async () => {
    const Upload = { Bucket, Key: "a", UploadId: uploadIds[0] };
    const { Parts = [], StorageClass } = await client.send(new ListPartsCommand(Upload));
    expect(Parts.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual(
      PART_NUMBERS.map((number) => [number, number % 50]),
    );
    expect(Parts[0]?.ETag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(Date.now() - Number(Parts[0]?.LastModified)).toBeLessThan(600_000);
    expect(StorageClass).toBe("STANDARD_IA");
  });

  rule("pages of parts of any size tile the list exactly", async () => {
    for (const MaxParts of [1, 2, 3, PART_NUMBERS.length, 1_000]) {
      const numbers: (number | undefined)[] = [];
      let PartNumberMarker: string | undefined = "0";
      while (PartNumberMarker !== undefined) {
        const ask = { Bucket, Key: "a", UploadId: uploadIds[0], MaxParts, PartNumberMarker };
        const page: ListedParts = await client.send(new ListPartsCommand(ask));
        numbers.push(...(page.Parts ?? []).map(({ PartNumber }) => PartNumber));
        PartNumberMarker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
      }
      expect(numbers).toEqual(PART_NUMBERS);
    }
  });

  rule("max-parts and max-uploads below 0 or no number are InvalidArgument", async () => {
    const path = objectPath(Bucket, "a");
    const uploadId = uploadIds[0] ?? "";
    for (const value of ["-1", "x"]) {
      const parts = { method: "GET", path, query: { uploadId, "max-parts": value } };
      expect(verdict(await sendSigned(target, parts))).toBe("400 InvalidArgument");
      const query = { uploads: "", "max-uploads": value };
      const uploads = { method: "GET", path: objectPath(Bucket), query };
      expect(verdict(await sendSigned(target, uploads))).toBe("400 InvalidArgument");
    }
  });
}

interface ListedParts {
  readonly Parts?: readonly { PartNumber?: number | undefined }[] | undefined;
  readonly IsTruncated?: boolean | undefined;
  readonly NextPartNumberMarker?: string | undefined;
}

function markerAfter(page: {
  NextKeyMarker?: string | undefined;
  NextUploadIdMarker?: string | undefined;
}) {
  return {
    ...(page.NextKeyMarker !== undefined && { KeyMarker: page.NextKeyMarker }),
    ...(page.NextUploadIdMarker && { UploadIdMarker: page.NextUploadIdMarker }),
  };
}
