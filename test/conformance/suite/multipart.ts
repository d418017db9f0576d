import {
  AbortMultipartUploadCommand,
  ChecksumMode,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CompletedPart,
  type CompleteMultipartUploadCommandInput,
  type CreateMultipartUploadCommandInput,
} from "@aws-sdk/client-s3";
import { randomBytes } from "node:crypto";
import { beforeAll, expect } from "vitest";
import { checksumOf, compositeOf, multipartEtag } from "../checksum.ts";
import { verdict } from "../error-document.ts";
import { objectPath, sendSigned } from "../raw-request.ts";
import { refusalOf } from "../refusal.ts";
import { makeClient, ruleTest, type Target } from "../target.ts";

const MIN_PART_BYTES = 5 * 1024 * 1024;
const FIRST = randomBytes(MIN_PART_BYTES);
const LAST = Buffer.from("the last part may be small");
const WHOLE = Buffer.concat([FIRST, LAST]);

/** One multipart upload: its whole life, what completing refuses, and its checksums. */
export function multipartRules(target: Target): void {
  const rule = ruleTest(target);
  // Without the SDK's own checksums, so that a test says which there are.
  const client = makeClient(target, { requestChecksumCalculation: "WHEN_REQUIRED" });
  let Bucket = "";
  beforeAll(async () => {
    Bucket = await target.makeBucket();
    return () => client.destroy();
  });

  const create = async (Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}) => {
    const command = new CreateMultipartUploadCommand({ Bucket, Key, ...more });
    const { UploadId = "" } = await client.send(command);
    return { Bucket, Key, UploadId };
  };
  type Upload = Awaited<ReturnType<typeof create>>;
  const upload = async (
    to: Upload,
    PartNumber: number,
    Body: Uint8Array,
    more: object = {},
  ): Promise<CompletedPart> => {
    const command = new UploadPartCommand({ ...to, PartNumber, Body, ...more });
    const { ETag = "" } = await client.send(command);
    return { PartNumber, ETag };
  };
  const complete = (
    to: Upload,
    Parts: CompletedPart[],
    more: Partial<CompleteMultipartUploadCommandInput> = {},
  ) => {
    const MultipartUpload = { Parts };
    return client.send(new CompleteMultipartUploadCommand({ ...to, MultipartUpload, ...more }));
  };
  const abort = (to: Upload) => client.send(new AbortMultipartUploadCommand(to));
  const read = async (Key: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const head = (Key: string, more: object = {}) =>
    client.send(new HeadObjectCommand({ Bucket, Key, ...more }));

  rule("parts become an object with the attributes that were given at creation", async () => {
    const said = { ContentType: "video/mp4", Metadata: { a: "1" }, CacheControl: "no-cache" };
    const to = await create("whole life", { ...said, Tagging: "t=1" });
    expect(await refusalOf(head(to.Key))).toBe("404 NotFound");
    const parts = [await upload(to, 1, FIRST), await upload(to, 2, LAST)];
    expect(await refusalOf(head(to.Key))).toBe("404 NotFound");
    const completed = await complete(to, parts);
    expect(completed).toMatchObject({
      Bucket,
      Key: to.Key,
      ETag: multipartEtag([FIRST, LAST]),
    });
    expect(await head(to.Key)).toMatchObject({ ...said, ContentLength: WHOLE.length });
    expect((await read(to.Key)).equals(WHOLE)).toBe(true);
  });

  rule("Location of a completed upload is the object's URL", async () => {
    const to = await create("located");
    const { Location = "" } = await complete(to, [await upload(to, 1, LAST)]);
    expect(Location).toBe(`${target.endpoint}/${Bucket}/located`);
  });

  rule("ranges cross the borders of parts", async () => {
    const to = await create("crossed");
    await complete(to, [await upload(to, 1, FIRST), await upload(to, 2, LAST)]);
    const range = `bytes=${MIN_PART_BYTES - 3}-${MIN_PART_BYTES + 2}`;
    const { Body } = await client.send(new GetObjectCommand({ ...to, Range: range }));
    const expected = WHOLE.subarray(MIN_PART_BYTES - 3, MIN_PART_BYTES + 3);
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(expected)).toBe(true);
  });

  rule("parts may arrive in any order and with gaps between their numbers", async () => {
    const to = await create("out of order");
    const last = await upload(to, 9_000, LAST);
    const first = await upload(to, 7, FIRST);
    await complete(to, [first, last]);
    expect((await read(to.Key)).equals(WHOLE)).toBe(true);
  });

  rule("a part sent again replaces the former one", async () => {
    const to = await create("replaced");
    const former = await upload(to, 1, Buffer.from("former"));
    const latter = await upload(to, 1, LAST);
    expect(await refusalOf(complete(to, [former]))).toBe("400 InvalidPart");
    await complete(to, [latter]);
    expect((await read(to.Key)).equals(LAST)).toBe(true);
  });

  rule("an object that is there stays whole until completion replaces it", async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: "stays", Body: "before" }));
    const to = await create("stays");
    const part = await upload(to, 1, LAST);
    expect((await read("stays")).toString()).toBe("before");
    await complete(to, [part]);
    expect((await read("stays")).equals(LAST)).toBe(true);
  });

  const badLists: [
    string,
    string,
    (first: CompletedPart, last: CompletedPart) => CompletedPart[],
  ][] = [
    ["a part that was never sent", "400 InvalidPart", (a, b) => [a, b, { ...b, PartNumber: 3 }]],
    ["a wrong ETag", "400 InvalidPart", (a, b) => [a, { ...b, ETag: a.ETag ?? "" }]],
    ["descending numbers", "400 InvalidPartOrder", (a, b) => [b, a]],
    ["a number twice", "400 InvalidPartOrder", (a, b) => [a, a, b]],
    ["no part at all", "400 MalformedXML", () => []],
  ];
  for (const [name, code, list] of badLists) {
    rule(`completing with ${name} is ${code}, and the upload lives on`, async () => {
      const to = await create(`refused: ${name}`);
      const first = await upload(to, 1, FIRST);
      const last = await upload(to, 2, LAST);
      expect(await refusalOf(complete(to, list(first, last)))).toBe(code);
      expect(await refusalOf(head(to.Key))).toBe("404 NotFound");
      await complete(to, [first, last]);
      expect((await head(to.Key)).ContentLength).toBe(WHOLE.length);
    });
  }

  rule("a part but the last below 5 MiB is EntityTooSmall, and can be sent again", async () => {
    const to = await create("too small");
    const small = await upload(to, 1, FIRST.subarray(1));
    const last = await upload(to, 2, LAST);
    expect(await refusalOf(complete(to, [small, last]))).toBe("400 EntityTooSmall");
    const first = await upload(to, 1, FIRST);
    await complete(to, [first, last]);
  });

  rule("parts that the list leaves out are left out of the object", async () => {
    const to = await create("subset");
    const first = await upload(to, 1, FIRST);
    await upload(to, 2, FIRST);
    const last = await upload(to, 3, LAST);
    await complete(to, [first, last]);
    expect((await head(to.Key)).ContentLength).toBe(WHOLE.length);
  });

  for (const PartNumber of [0, 10_001, -1]) {
    rule(`part number ${PartNumber} is InvalidArgument`, async () => {
      const to = await create("numbered");
      expect(await refusalOf(upload(to, PartNumber, LAST))).toBe("400 InvalidArgument");
      await abort(to);
    });
  }

  rule("part number 10,000 is the last", async () => {
    const to = await create("ten thousandth");
    await complete(to, [await upload(to, 10_000, LAST)]);
    expect((await head(to.Key)).ETag).toBe(multipartEtag([LAST]));
  });

  rule("an aborted upload is gone, for parts, the list of uploads and a second abort", async () => {
    const to = await create("aborted");
    await upload(to, 1, LAST);
    await abort(to);
    expect(await refusalOf(upload(to, 2, LAST))).toBe("404 NoSuchUpload");
    expect(await refusalOf(abort(to))).toBe("404 NoSuchUpload");
    const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: to.Key }));
    expect(uploads.Uploads ?? []).toEqual([]);
  });

  rule("completing an aborted upload is NoSuchUpload", async () => {
    const to = await create("aborted");
    const part = await upload(to, 1, LAST);
    await abort(to);
    expect(await refusalOf(complete(to, [part]))).toBe("404 NoSuchUpload");
  });

  rule("ListParts of an aborted upload is NoSuchUpload", async () => {
    const to = await create("aborted");
    await abort(to);
    expect(await refusalOf(client.send(new ListPartsCommand(to)))).toBe("404 NoSuchUpload");
  });

  rule("an upload ID holds for its own key only, and unknown ones are NoSuchUpload", async () => {
    const to = await create("own key");
    const others = [
      { ...to, Key: "other key" },
      { ...to, UploadId: "unknown" },
    ];
    for (const other of others) {
      expect(await refusalOf(upload(other, 1, LAST))).toBe("404 NoSuchUpload");
      expect(await refusalOf(abort(other))).toBe("404 NoSuchUpload");
    }
    await abort(to);
  });

  rule("completing once more answers the same", async () => {
    const to = await create("again");
    const parts = [await upload(to, 1, LAST)];
    const once = await complete(to, parts);
    const twice = await complete(to, parts);
    expect(twice.ETag).toBe(once.ETag);
  });

  rule("If-None-Match: * on completion is 412 where the key exists", async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: "taken", Body: "kept" }));
    const to = await create("taken");
    const parts = [await upload(to, 1, LAST)];
    expect(await refusalOf(complete(to, parts, { IfNoneMatch: "*" }))).toBe(
      "412 PreconditionFailed",
    );
    expect((await read("taken")).toString()).toBe("kept");
    const free = await create("free");
    await complete(free, [await upload(free, 1, LAST)], { IfNoneMatch: "*" });
  });

  rule("x-amz-mp-object-size that is not the sum of the parts is refused", async () => {
    const to = await create("sized");
    const parts = [await upload(to, 1, LAST)];
    const wrong = complete(to, parts, { MpuObjectSize: LAST.length + 1 });
    expect(await refusalOf(wrong)).toBe("400 InvalidRequest");
    await complete(to, parts, { MpuObjectSize: LAST.length });
  });

  rule("a completion that is no XML is MalformedXML", async () => {
    const to = await create("malformed");
    await upload(to, 1, LAST);
    for (const body of ["not xml", "<CompleteMultipartUpload>", "<Other/>"]) {
      const query = { uploadId: to.UploadId };
      const ask = { method: "POST", path: objectPath(Bucket, to.Key), query, body };
      expect(`${body}: ${verdict(await sendSigned(target, ask))}`).toBe(
        `${body}: 400 MalformedXML`,
      );
    }
    await abort(to);
  });

  rule("UploadPartCopy takes a whole object or a range of one", async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: "copy from", Body: WHOLE }));
    const to = await create("copied parts");
    const CopySource = `${Bucket}/copy%20from`;
    const copy = async (PartNumber: number, CopySourceRange?: string) => {
      const ask = { ...to, PartNumber, CopySource, ...(CopySourceRange && { CopySourceRange }) };
      const { CopyPartResult } = await client.send(new UploadPartCopyCommand(ask));
      return { PartNumber, ETag: CopyPartResult?.ETag ?? "" };
    };
    const parts = [await copy(1), await copy(2, "bytes=5-9")];
    await complete(to, parts);
    const expected = Buffer.concat([WHOLE, WHOLE.subarray(5, 10)]);
    expect((await read(to.Key)).equals(expected)).toBe(true);
    expect((await head(to.Key)).ETag).toBe(multipartEtag([WHOLE, WHOLE.subarray(5, 10)]));
  });

  rule("UploadPartCopy of a range beyond the source is refused", async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: "short", Body: "0123456789" }));
    const to = await create("beyond");
    const ask = { ...to, PartNumber: 1, CopySource: `${Bucket}/short` };
    for (const CopySourceRange of ["bytes=5-20", "bytes=20-30", "bytes=5-"]) {
      const call = client.send(new UploadPartCopyCommand({ ...ask, CopySourceRange }));
      expect(await refusalOf(call)).toMatch(/^(416 InvalidRange|400 InvalidArgument)$/);
    }
    await abort(to);
  });

  rule("GET and HEAD by part number give that part and the count", async () => {
    const to = await create("by part");
    await complete(to, [await upload(to, 1, FIRST), await upload(to, 2, LAST)]);
    const got = await client.send(new GetObjectCommand({ ...to, PartNumber: 2 }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(LAST)).toBe(true);
    expect(got).toMatchObject({
      PartsCount: 2,
      ContentRange: `bytes ${MIN_PART_BYTES}-${WHOLE.length - 1}/${WHOLE.length}`,
    });
    expect((await head(to.Key, { PartNumber: 1 })).ContentLength).toBe(MIN_PART_BYTES);
    const beyond = client.send(new GetObjectCommand({ ...to, PartNumber: 3 }));
    expect(await refusalOf(beyond)).toMatch(/^416 /);
  });

  rule("a wrong Content-MD5 of a part is BadDigest and leaves no part", async () => {
    const to = await create("bad part");
    const ContentMD5 = Buffer.alloc(16).toString("base64");
    expect(await refusalOf(upload(to, 1, LAST, { ContentMD5 }))).toBe("400 BadDigest");
    const { Parts = [] } = await client.send(new ListPartsCommand(to));
    expect(Parts).toEqual([]);
    await abort(to);
  });

  const enabled = { ChecksumMode: ChecksumMode.ENABLED };

  for (const algorithm of ["CRC32", "CRC32C", "SHA1", "SHA256"] as const) {
    const field = `Checksum${algorithm}` as const;

    rule(`${algorithm} of parts makes a composite checksum`, async () => {
      const to = await create(`composite ${algorithm}`, { ChecksumAlgorithm: algorithm });
      const sum = (body: Uint8Array) => ({ [field]: checksumOf(algorithm, body) });
      const parts = [
        { ...(await upload(to, 1, FIRST, sum(FIRST))), ...sum(FIRST) },
        { ...(await upload(to, 2, LAST, sum(LAST))), ...sum(LAST) },
      ];
      const completed = await complete(to, parts);
      expect(completed[field]).toBe(compositeOf(algorithm, [FIRST, LAST]));
      const kept = await head(to.Key, enabled);
      expect(kept[field]).toBe(compositeOf(algorithm, [FIRST, LAST]));
      expect(kept.ChecksumType).toBe("COMPOSITE");
    });
  }

  for (const algorithm of ["CRC32", "CRC32C", "CRC64NVME"] as const) {
    const field = `Checksum${algorithm}` as const;
    const full = { ChecksumAlgorithm: algorithm, ChecksumType: "FULL_OBJECT" as const };

    rule(`${algorithm} of the full object is that of all bytes in a row`, async () => {
      const to = await create(`full ${algorithm}`, full);
      const sum = (body: Uint8Array) => ({ [field]: checksumOf(algorithm, body) });
      const parts = [await upload(to, 1, FIRST, sum(FIRST)), await upload(to, 2, LAST, sum(LAST))];
      await complete(to, parts, { ChecksumType: "FULL_OBJECT", ...sum(WHOLE) });
      const kept = await head(to.Key, enabled);
      expect(kept[field]).toBe(checksumOf(algorithm, WHOLE));
    });

    rule(`${algorithm} of the full object is reported as FULL_OBJECT`, async () => {
      const to = await create(`full type ${algorithm}`, full);
      const sum = { [field]: checksumOf(algorithm, LAST) };
      await complete(to, [await upload(to, 1, LAST, sum)], { ChecksumType: "FULL_OBJECT", ...sum });
      expect((await head(to.Key, enabled)).ChecksumType).toBe("FULL_OBJECT");
    });

    rule(
      `a wrong ${algorithm} of the full object is BadDigest, and the upload lives on`,
      async () => {
        const to = await create(`bad full ${algorithm}`, full);
        const parts = [await upload(to, 1, LAST, { [field]: checksumOf(algorithm, LAST) })];
        const wrong = { [field]: checksumOf(algorithm, FIRST.subarray(0, 9)) };
        const refused = complete(to, parts, { ChecksumType: "FULL_OBJECT", ...wrong });
        expect(await refusalOf(refused)).toBe("400 BadDigest");
        expect(await refusalOf(head(to.Key))).toBe("404 NotFound");
        await complete(to, parts);
      },
    );
  }

  rule("S3 gives an object of parts without checksums a CRC64NVME of its own", async () => {
    const to = await create("unsummed");
    await complete(to, [await upload(to, 1, FIRST), await upload(to, 2, LAST)]);
    const { ChecksumCRC64NVME } = await head(to.Key, enabled);
    expect(ChecksumCRC64NVME).toBe(checksumOf("CRC64NVME", WHOLE));
  });

  rule("a wrong checksum of a part is BadDigest", async () => {
    const to = await create("bad sum", { ChecksumAlgorithm: "CRC32C" });
    const wrong = { ChecksumCRC32C: checksumOf("CRC32C", Buffer.from("other")) };
    expect(await refusalOf(upload(to, 1, LAST, wrong))).toBe("400 BadDigest");
    await abort(to);
  });

  rule("a part without the checksum that was announced is InvalidRequest", async () => {
    const to = await create("unkept promise", { ChecksumAlgorithm: "SHA256" });
    expect(await refusalOf(upload(to, 1, LAST))).toBe("400 InvalidRequest");
    await abort(to);
  });

  for (const algorithm of ["SHA1", "SHA256"] as const) {
    rule(`${algorithm} of the full object does not exist: InvalidRequest`, async () => {
      const full = { ChecksumAlgorithm: algorithm, ChecksumType: "FULL_OBJECT" as const };
      expect(await refusalOf(create("impossible", full))).toBe("400 InvalidRequest");
    });
  }

  rule("GetObjectAttributes tells the parts with their sizes and checksums", async () => {
    const to = await create("part attributes", { ChecksumAlgorithm: "CRC32" });
    const sum = (body: Uint8Array) => ({ ChecksumCRC32: checksumOf("CRC32", body) });
    const parts = [
      { ...(await upload(to, 1, FIRST, sum(FIRST))), ...sum(FIRST) },
      { ...(await upload(to, 2, LAST, sum(LAST))), ...sum(LAST) },
    ];
    await complete(to, parts);
    const { Key } = to;
    const command = new GetObjectAttributesCommand({
      Bucket,
      Key,
      ObjectAttributes: ["ObjectParts", "ObjectSize"],
    });
    const { ObjectParts, ObjectSize } = await client.send(command);
    expect({ ObjectSize, count: ObjectParts?.TotalPartsCount }).toEqual({
      ObjectSize: WHOLE.length,
      count: 2,
    });
    expect(ObjectParts?.Parts).toMatchObject([
      { PartNumber: 1, Size: FIRST.length, ...sum(FIRST) },
      { PartNumber: 2, Size: LAST.length, ...sum(LAST) },
    ]);
  });
}
