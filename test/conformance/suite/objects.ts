import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { createHash, randomBytes } from "node:crypto";
import { beforeAll, expect } from "vitest";
import { verdict } from "../error-document.ts";
import { objectPath, sendSigned } from "../raw-request.ts";
import { refusalOf } from "../refusal.ts";
import { ruleTest, type Target } from "../target.ts";

/** One object: what is said with it comes back, copies, tags and deletion. */
export function objectRules(target: Target): void {
  const rule = ruleTest(target);
  const { client } = target;
  let Bucket = "";
  beforeAll(async () => {
    Bucket = await target.makeBucket();
  });

  const put = (Key: string, Body: string | Uint8Array, more: object = {}) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const head = (Key: string) => client.send(new HeadObjectCommand({ Bucket, Key }));
  const text = async (Key: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    return Body?.transformToString();
  };

  rule("an object comes back byte for byte, its ETag being its MD5", async () => {
    const body = randomBytes(300_000);
    const md5 = createHash("md5").update(body).digest("hex");
    expect((await put("bytes", body)).ETag).toBe(`"${md5}"`);
    const got = await client.send(new GetObjectCommand({ Bucket, Key: "bytes" }));
    expect(got).toMatchObject({ ETag: `"${md5}"`, ContentLength: 300_000, AcceptRanges: "bytes" });
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
  });

  rule("an empty object is an object", async () => {
    await put("empty", new Uint8Array());
    const { ContentLength, ETag } = await head("empty");
    expect({ ContentLength, ETag }).toEqual({
      ContentLength: 0,
      ETag: '"d41d8cd98f00b204e9800998ecf8427e"',
    });
    expect(await text("empty")).toBe("");
  });

  rule("content headers and metadata come back verbatim from GET and HEAD", async () => {
    const said = {
      ContentType: "text/x-test; charset=utf-8",
      CacheControl: "max-age=60, private",
      ContentDisposition: "attachment; filename=\"a b.txt\"; filename*=UTF-8''%C3%A9",
      ContentEncoding: "identity",
      ContentLanguage: "de-CH, fr",
      Metadata: { "mixed-case": "Value With  Caps", empty: "", n: "1" },
    };
    await put("described", "x", { ...said, Expires: new Date(1_900_000_000_000) });
    const kept = await head("described");
    expect(kept).toMatchObject(said);
    expect(kept.ExpiresString).toBe("Sun, 17 Mar 2030 17:46:40 GMT");
    const got = await client.send(new GetObjectCommand({ Bucket, Key: "described" }));
    expect(got).toMatchObject(said);
    got.Body?.transformToByteArray();
  });

  rule("an object without a type is application/octet-stream or binary/octet-stream", async () => {
    const path = objectPath(Bucket, "untyped");
    await sendSigned(target, { method: "PUT", path, body: "x" });
    expect((await head("untyped")).ContentType).toBe("binary/octet-stream");
  });

  rule("user metadata beyond 2 KiB is MetadataTooLarge", async () => {
    const metadata = put("too-described", "x", { Metadata: { long: "x".repeat(2_100) } });
    expect(await refusalOf(metadata)).toBe("400 MetadataTooLarge");
    expect(await refusalOf(head("too-described"))).toBe("404 NotFound");
  });

  rule("a storage class other than STANDARD is named by HEAD", async () => {
    await put("infrequent", "x", { StorageClass: "STANDARD_IA" });
    expect((await head("infrequent")).StorageClass).toBe("STANDARD_IA");
  });

  rule("STANDARD is not named", async () => {
    await put("frequent", "x", { StorageClass: "STANDARD" });
    expect((await head("frequent")).StorageClass).toBeUndefined();
  });

  rule("an unknown storage class is refused", async () => {
    const unknown = put("classless", "x", { StorageClass: "COZY" });
    expect(await refusalOf(unknown)).toBe("400 InvalidStorageClass");
  });

  rule("overwriting replaces bytes and metadata alike", async () => {
    await put("twice", "first", { Metadata: { a: "1" }, ContentType: "text/plain" });
    await put("twice", "second", { Metadata: { b: "2" } });
    expect((await head("twice")).Metadata).toEqual({ b: "2" });
    expect(await text("twice")).toBe("second");
  });

  rule("Last-Modified is the time of the write to the second", async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    await put("timed", "x");
    const modified = Number((await head("timed")).LastModified);
    expect(modified).toBeGreaterThanOrEqual(before - 1000);
    expect(modified).toBeLessThanOrEqual(Date.now() + 1000);
  });

  rule("a missing object is NoSuchKey, to HEAD a bare 404", async () => {
    expect(await refusalOf(text("missing"))).toBe("404 NoSuchKey");
    expect(await refusalOf(head("missing"))).toBe("404 NotFound");
  });

  rule("deleting succeeds whether or not the object exists", async () => {
    await put("deleted", "x");
    for (let round = 0; round < 2; round += 1) {
      const { $metadata } = await client.send(new DeleteObjectCommand({ Bucket, Key: "deleted" }));
      expect($metadata.httpStatusCode).toBe(204);
    }
    expect(await refusalOf(head("deleted"))).toBe("404 NotFound");
  });

  rule("DeleteObjects removes a thousand keys, missing ones included, and names each", async () => {
    const present = Array.from({ length: 30 }, (_, index) => `batch/${index} & <${index}>`);
    const missing = Array.from({ length: 970 }, (_, index) => `batch/missing/${index}`);
    await Promise.all(present.map((Key) => put(Key, "x")));
    const Objects = [...present, ...missing].map((Key) => ({ Key }));
    const answer = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(answer.Errors ?? []).toEqual([]);
    expect(new Set(answer.Deleted?.map(({ Key }) => Key))).toEqual(
      new Set([...present, ...missing]),
    );
    expect(await refusalOf(head(present[0] ?? ""))).toBe("404 NotFound");
  });

  rule("a quiet DeleteObjects names no success", async () => {
    await put("quiet", "x");
    const answer = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Quiet: true, Objects: [{ Key: "quiet" }] } }),
    );
    expect(answer.Deleted ?? []).toEqual([]);
    expect(await refusalOf(head("quiet"))).toBe("404 NotFound");
  });

  rule("DeleteObjects of 1,001 keys is MalformedXML and deletes nothing", async () => {
    await put("many-0", "x");
    const Objects = Array.from({ length: 1_001 }, (_, index) => ({ Key: `many-${index}` }));
    const command = new DeleteObjectsCommand({ Bucket, Delete: { Objects } });
    expect(await refusalOf(client.send(command))).toBe("400 MalformedXML");
    await head("many-0");
  });

  rule("tags come with the object, are counted, replaced and deleted", async () => {
    await put("tagged", "x", { Tagging: "team=a%26b&empty=" });
    const read = async () => {
      const command = new GetObjectTaggingCommand({ Bucket, Key: "tagged" });
      const { TagSet = [] } = await client.send(command);
      return Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value]));
    };
    expect(await read()).toEqual({ team: "a&b", empty: "" });
    const got = await client.send(new GetObjectCommand({ Bucket, Key: "tagged" }));
    await got.Body?.transformToByteArray();
    expect(got.TagCount).toBe(2);
    const Tagging = { TagSet: [{ Key: "ünï", Value: "çödé" }] };
    await client.send(new PutObjectTaggingCommand({ Bucket, Key: "tagged", Tagging }));
    expect(await read()).toEqual({ ünï: "çödé" });
    await client.send(new DeleteObjectTaggingCommand({ Bucket, Key: "tagged" }));
    expect(await read()).toEqual({});
  });

  rule("an eleventh tag is refused", async () => {
    await put("over-tagged", "x");
    const TagSet = Array.from({ length: 11 }, (_, index) => ({ Key: `k${index}`, Value: "v" }));
    const tagging = new PutObjectTaggingCommand({
      Bucket,
      Key: "over-tagged",
      Tagging: { TagSet },
    });
    expect(await refusalOf(client.send(tagging))).toMatch(/^400 (BadRequest|InvalidTag)$/);
  });

  rule("a copy has the source's bytes, type, metadata and tags, and its own life", async () => {
    const said = { ContentType: "text/plain", Metadata: { from: "source" } };
    await put("copy source +é", "copied", { ...said, Tagging: "a=1" });
    const CopySource = `${Bucket}/${encodeURIComponent("copy source +é")}`;
    const copied = await client.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource }));
    expect(copied.CopyObjectResult?.ETag).toBe((await head("copy source +é")).ETag);
    await client.send(new DeleteObjectCommand({ Bucket, Key: "copy source +é" }));
    expect(await text("copy")).toBe("copied");
    expect(await head("copy")).toMatchObject(said);
    const tags = await client.send(new GetObjectTaggingCommand({ Bucket, Key: "copy" }));
    expect(tags.TagSet).toEqual([{ Key: "a", Value: "1" }]);
  });

  rule("a copy with REPLACE takes the new metadata, onto itself too", async () => {
    await put("replaced", "same", { ContentType: "text/plain", Metadata: { old: "1" } });
    const self = { Bucket, Key: "replaced", CopySource: `${Bucket}/replaced` };
    await client.send(
      new CopyObjectCommand({
        ...self,
        MetadataDirective: "REPLACE",
        ContentType: "text/html",
        Metadata: { new: "2" },
      }),
    );
    const { ContentType, Metadata } = await head("replaced");
    expect({ ContentType, Metadata }).toEqual({ ContentType: "text/html", Metadata: { new: "2" } });
    expect(await text("replaced")).toBe("same");
    expect(await refusalOf(client.send(new CopyObjectCommand(self)))).toBe("400 InvalidRequest");
  });

  const copyTo = (Key: string, more: object = {}) =>
    client.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/source`, ...more }));

  rule("a copy crosses buckets", async () => {
    await put("source", "x");
    const other = await target.makeBucket();
    await copyTo("across", { Bucket: other });
    await client.send(new HeadObjectCommand({ Bucket: other, Key: "across" }));
  });

  rule("a copy from nothing is NoSuchKey, from no bucket NoSuchBucket", async () => {
    const nothing = copyTo("uncopied", { CopySource: `${Bucket}/nothing` });
    expect(await refusalOf(nothing)).toBe("404 NoSuchKey");
    const nowhere = copyTo("uncopied", { CopySource: "no-such-bucket-anywhere/x" });
    expect(await refusalOf(nowhere)).toBe("404 NoSuchBucket");
  });

  rule("a copy with If-Match of the source goes ahead only where it holds", async () => {
    const { ETag } = await put("source", "x");
    const other = copyTo("conditional", { CopySourceIfMatch: '"other"' });
    expect(await refusalOf(other)).toBe("412 PreconditionFailed");
    await copyTo("conditional", { CopySourceIfMatch: ETag });
  });

  rule("a copy with If-None-Match of the source's ETag is 412, not 304", async () => {
    const { ETag } = await put("source", "x");
    const same = copyTo("conditional-too", { CopySourceIfNoneMatch: ETag });
    expect(await refusalOf(same)).toBe("412 PreconditionFailed");
  });

  for (const name of ["retention", "legal-hold", "torrent"]) {
    rule(`?${name} of an object is never its bytes, and deleting it deletes nothing`, async () => {
      await put(name, `bytes of ${name}`);
      const ask = { path: objectPath(Bucket, name), query: { [name]: "" } };
      const got = await sendSigned(target, { method: "GET", ...ask });
      expect(got.body.toString()).not.toContain("bytes of");
      await sendSigned(target, { method: "DELETE", ...ask });
      expect(await text(name)).toBe(`bytes of ${name}`);
    });
  }

  rule("a method that S3 does not know is MethodNotAllowed", async () => {
    const answer = await sendSigned(target, { method: "PATCH", path: objectPath(Bucket, "kept") });
    expect(verdict(answer)).toBe("405 MethodNotAllowed");
  });
}
