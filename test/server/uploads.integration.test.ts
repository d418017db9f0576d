import { randomBytes } from "node:crypto";
import {
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checksumOf } from "../conformance/checksum.ts";
import {
  asMultipart,
  asSingle,
  openUploadRig,
  problemOf,
  sendParts,
  sendSingle,
  sha256,
  type Multipart,
  type UploadRig,
} from "./upload-rig.ts";

const MiB = 1024 * 1024;
/** Text would bring a Content-Type that no part URL was signed for. */
const ONE_BYTE = new Uint8Array(1);

let rig: UploadRig;
beforeAll(async () => {
  rig = await openUploadRig();
});
afterAll(() => rig?.close());

async function openUploadIds(Prefix = ""): Promise<(string | undefined)[]> {
  const listed = await rig.target.client.send(
    new ListMultipartUploadsCommand({ Bucket: rig.bucket.bucket, Prefix }),
  );
  return (listed.Uploads ?? []).map(({ UploadId }) => UploadId);
}

describe("whoever is gone before the answer", () => {
  it("leaves no upload behind that nobody knows of", async () => {
    const abandoned = () => openUploadIds("abandoned-");
    const files = Array.from({ length: 40 }, (_, index) => ({
      name: `abandoned-${index}.bin`,
      sizeBytes: 20 * MiB,
    }));
    const leaving = new AbortController();
    const asking = fetch(`${rig.url}/api/uploads`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ files }),
      signal: leaving.signal,
    });
    asking.catch(() => undefined);
    await expect.poll(abandoned, { interval: 1, timeout: 20_000 }).not.toEqual([]);
    leaving.abort();
    await expect(asking).rejects.toThrow();
    await expect.poll(abandoned, { timeout: 20_000 }).toEqual([]);
  });
});

describe("a request whose first try got no answer", () => {
  it("gives back what that try opened, and nothing that has parts or another key", async () => {
    const open = (name: string, again: boolean) =>
      rig.openAll([{ name, sizeBytes: 20 * MiB }], { ifExists: "replace", again });
    const withPart = asMultipart((await open("again.bin", false))[0]);
    await sendParts(withPart, randomBytes(17 * MiB + 1), [1]);
    await open("again.bin", false);
    await open("again.bin-not", false);
    expect(await openUploadIds("again.bin")).toHaveLength(3);
    await open("again.bin", true);
    // The empty one is gone; in its place is the one that was opened now.
    expect(await openUploadIds("again.bin")).toHaveLength(3);
    const parts = await rig.api.uploads[":id"].parts.$get({ param: { id: withPart.id } });
    expect(await parts.json()).toMatchObject({ state: "open", parts: [{ partNumber: 1 }] });
  });
});

describe("a large file", () => {
  const bytes = randomBytes(17 * MiB + 1);

  it("arrives byte for byte through signed parts, and completing it again answers the same", async () => {
    const upload = await rig.openMultipart("folder/large #1.mp4", bytes.length);
    const parts = await sendParts(upload, bytes, [3, 1, 2]);
    const complete = () => rig.complete(upload.id, { parts });
    const receipt = await (await complete()).json();
    expect(receipt).toMatchObject({ key: upload.key, sizeBytes: bytes.length });
    expect(receipt.etag).toMatch(/-3"$/);
    expect(await (await complete()).json()).toEqual(receipt);
    const { bytes: stored, response } = await rig.download(upload.key);
    expect(sha256(stored)).toBe(sha256(bytes));
    expect(response.headers.get("content-type")).toBe("video/mp4");
  });

  it("goes on after a part was missing, which is named", async () => {
    const upload = await rig.openMultipart("missing.mp4", bytes.length);
    const param = { id: upload.id };
    await sendParts(upload, bytes, [1, 3]);
    const refused = await rig.complete(param.id);
    expect(await problemOf(refused)).toMatchObject({
      code: "upload-incomplete",
      detail: "Of 3 parts: missing: 2.",
    });
    const listed = await (await rig.api.uploads[":id"].parts.$get({ param })).json();
    expect(listed.state).toBe("open");
    expect(listed.parts.map(({ partNumber }) => partNumber)).toEqual([1, 3]);
    await sendParts(upload, bytes, [2]);
    const done = await rig.complete(param.id);
    expect(done.status).toBe(200);
    const after = await (await rig.api.uploads[":id"].parts.$get({ param })).json();
    expect(after.state).toBe("completed");
  });

  it("is not completed with a part of another size", async () => {
    const upload = await rig.openMultipart("short.mp4", bytes.length);
    await sendParts(upload, bytes, [1, 3]);
    await fetch(upload.parts[1]?.url ?? "", { method: "PUT", body: bytes.subarray(0, 5 * MiB) });
    const refused = await rig.complete(upload.id);
    expect(await problemOf(refused)).toMatchObject({
      code: "upload-incomplete",
      detail: `The 3 parts hold ${14 * MiB + 1} bytes, and the file has ${bytes.length}.`,
    });
    const parts = [1, 2, 3].map((partNumber) => ({ partNumber, etag: "x", sizeBytes: 1 }));
    const named = await rig.complete(upload.id, { parts });
    expect(await problemOf(named)).toMatchObject({ partNumbers: [1, 2, 3] });
  });

  it("may be cut into parts of any sizes, which are held against what was sent", async (context) => {
    if (!(await rig.hasChecksums())) return context.skip("The storage keeps no checksums.");
    const upload = await rig.openMultipart("free.mp4", bytes.length);
    expect(upload.partSizes).toBe("free");
    const cuts = [0, 6 * MiB + 1, 11 * MiB + 2, bytes.length];
    const parts = await Promise.all(
      cuts.slice(1).map(async (end, index) => {
        const body = bytes.subarray(cuts[index], end);
        const sent = await fetch(upload.parts[index]?.url ?? "", { method: "PUT", body });
        const value = checksumOf("CRC64NVME", body);
        // The storage makes it by itself.
        expect(sent.headers.get("x-amz-checksum-crc64nvme")).toBe(value);
        const checksum = { algorithm: "CRC64NVME", value } as const;
        const etag = sent.headers.get("etag") ?? "";
        return { partNumber: index + 1, etag, sizeBytes: body.length, checksum };
      }),
    );
    const checksum = { algorithm: "CRC64NVME", value: checksumOf("CRC64NVME", bytes) } as const;
    const complete = (json: object) => rig.complete(upload.id, json);
    const listed = await rig.api.uploads[":id"].parts.$get({ param: { id: upload.id } });
    expect((await listed.json()).parts).toEqual(parts);
    const wrong = parts.with(1, { ...parts[1], checksum: parts[0]?.checksum } as (typeof parts)[0]);
    expect(await problemOf(await complete({ parts: wrong }))).toMatchObject({
      code: "checksum-mismatch",
      partNumbers: [2],
    });
    expect(await problemOf(await complete({ parts: parts.slice(0, 2) }))).toMatchObject({
      code: "upload-incomplete",
      partNumbers: [3],
    });
    const receipt = await (await complete({ parts, checksum })).json();
    expect(receipt).toMatchObject({ sizeBytes: bytes.length, checksum });
    expect(await (await complete({ parts, checksum })).json()).toEqual(receipt);
    expect(await (await complete({})).json()).toEqual(receipt);
    expect(sha256((await rig.download("free.mp4")).bytes)).toBe(sha256(bytes));
  });

  it("may be one part, whose checksum is the file's", async (context) => {
    if (!(await rig.hasChecksums())) return context.skip("The storage keeps no checksums.");
    const upload = await rig.openMultipart("one.mp4", bytes.length);
    const sent = await fetch(upload.parts[0]?.url ?? "", { method: "PUT", body: bytes });
    expect(sent.status).toBe(200);
    const checksum = { algorithm: "CRC64NVME", value: checksumOf("CRC64NVME", bytes) };
    const receipt = await (await rig.complete(upload.id, { checksum })).json();
    expect(receipt).toMatchObject({ sizeBytes: bytes.length, checksum });
  });

  it("is not confirmed where its parts sum up to another checksum than the file's", async (context) => {
    if (!(await rig.hasChecksums())) return context.skip("The storage keeps no checksums.");
    const upload = await rig.openMultipart("damaged.mp4", bytes.length);
    const parts = await sendParts(upload, bytes, [1, 2, 3]);
    const checksum = { algorithm: "CRC64NVME", value: checksumOf("CRC64NVME", bytes.subarray(1)) };
    const completed = await rig.complete(upload.id, { parts, checksum });
    expect(await problemOf(completed)).toMatchObject({ code: "checksum-mismatch" });
  });

  it("carries its options as an object", async (context) => {
    if (!(await rig.hasChecksums())) return context.skip("An old RGW loses the tags of parts.");
    const options = {
      tags: { project: "a b+c" },
      cacheControl: "max-age=60",
      contentEncoding: "gzip" as const,
      metadata: { origin: "camera" },
      storageClass: "STANDARD_IA",
    };
    const files = [
      { name: "options.bin", sizeBytes: bytes.length },
      { name: "options.txt", sizeBytes: 1 },
    ];
    const [first, single] = await rig.openAll(files, options);
    const multipart = asMultipart(first);
    await sendParts(multipart, bytes, [1, 2, 3]);
    const param = { id: multipart.id };
    const completed = await rig.complete(param.id);
    expect(completed.status).toBe(200);
    expect((await sendSingle(asSingle(single), "x")).ok).toBe(true);
    for (const { name } of files) {
      const place = { Bucket: rig.bucket.bucket, Key: name };
      expect(await rig.target.client.send(new HeadObjectCommand(place))).toMatchObject({
        CacheControl: "max-age=60",
        ContentEncoding: "gzip",
        Metadata: expect.objectContaining({ origin: "camera" }),
        StorageClass: "STANDARD_IA",
      });
      const { TagSet } = await rig.target.client.send(new GetObjectTaggingCommand(place));
      expect(TagSet).toEqual([{ Key: "project", Value: "a b+c" }]);
    }
  });

  it("arrives by any of the origins that were asked for", async (context) => {
    const files = [{ name: "origins.mp4", sizeBytes: bytes.length }];
    const { origins } = (await (await rig.api.config.$get()).json()).storage;
    if (origins.length < 2) return context.skip("The server has one name.");
    const upload = asMultipart((await rig.openAll(files, { origins }))[0]);
    const [first, second, third] = upload.parts.map(({ url, alternates = [] }) => [
      url,
      ...alternates,
    ]);
    const urls = [first?.[1] ?? "", second?.[0] ?? "", third?.[1] ?? ""];
    expect(urls.map((url) => new URL(url).origin)).toEqual([origins[1], origins[0], origins[1]]);
    const parts = urls.map((url, index) => ({ partNumber: index + 1, url }));
    await sendParts({ ...upload, parts }, bytes, [1, 2, 3]);
    expect((await rig.complete(upload.id)).status).toBe(200);
    expect(sha256((await rig.download(upload.key)).bytes)).toBe(sha256(bytes));
  });

  it("leaves nothing in the storage after an abort", async () => {
    const upload = await rig.openMultipart("aborted.mp4", bytes.length);
    await sendParts(upload, bytes, [1]);
    const before = (await openUploadIds()).length;
    const param = { id: upload.id };
    expect((await rig.api.uploads[":id"].$delete({ param })).status).toBe(204);
    expect((await rig.api.uploads[":id"].$delete({ param })).status).toBe(204);
    expect(await openUploadIds()).toHaveLength(before - 1);
    const listed = await (await rig.api.uploads[":id"].parts.$get({ param })).json();
    expect(listed).toMatchObject({ state: "gone", parts: [] });
    const refused = await rig.complete(param.id);
    expect(await problemOf(refused)).toMatchObject({ code: "upload-gone" });
  });

  it("does not overwrite what came first, with a storage that ignores conditions too", async () => {
    const first = await rig.openMultipart("race.mp4", bytes.length, "fail");
    const second = await rig.openMultipart("race.mp4", bytes.length, "fail");
    for (const upload of [first, second]) await sendParts(upload, bytes, [1, 2, 3]);
    const complete = (upload: Multipart) => rig.complete(upload.id);
    expect((await complete(first)).status).toBe(200);
    expect(await problemOf(await complete(second))).toMatchObject({ code: "key-exists" });
  });

  it("takes no part with a URL whose part number was changed", async () => {
    const upload = await rig.openMultipart("forged.mp4", bytes.length);
    const url = upload.parts[0]?.url.replace("partNumber=1&", "partNumber=2&") ?? "";
    expect((await fetch(url, { method: "PUT", body: ONE_BYTE })).status).toBe(403);
  });
});
