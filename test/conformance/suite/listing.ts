import {
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type ListObjectsV2CommandInput,
} from "@aws-sdk/client-s3";
import fc from "fast-check";
import { beforeAll, expect } from "vitest";
import { verdict } from "../error-document.ts";
import { objectPath, sendSigned } from "../raw-request.ts";
import { refusalOf } from "../refusal.ts";
import { ruleTest, type Target } from "../target.ts";

// U+FFFF sorts before an emoji in UTF-8, after it in UTF-16.
const KEYS = [
  "!",
  "a",
  "a b",
  "a+b",
  "a/1",
  "a/2",
  "a/b/1",
  "a/b/2",
  "a0",
  "b//x",
  "b/x",
  "docs/a&b/<1>",
  "docs/ä/1",
  "docs/ä/2",
  "docs/\uffff",
  "docs/😀",
  "z",
  "é",
  "\uffff-bmp",
  "😀-astral",
].toSorted(byUtf8);

/** ListObjects, first and second version: order, prefixes, delimiters and pages. */
export function listingRules(target: Target): void {
  const rule = ruleTest(target);
  const { client } = target;
  let Bucket = "";
  beforeAll(async () => {
    Bucket = await target.makeBucket();
    for (const Key of KEYS.toReversed()) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    }
  });

  const list = (options: Partial<ListObjectsV2CommandInput> = {}) =>
    client.send(new ListObjectsV2Command({ Bucket, ...options }));
  const keysOf = ({ Contents = [] }: { Contents?: { Key?: string | undefined }[] | undefined }) =>
    Contents.map(({ Key }) => Key);

  rule("keys are listed in the order of their UTF-8 bytes", async () => {
    expect(keysOf(await list())).toEqual(KEYS);
    expect(keysOf(await client.send(new ListObjectsCommand({ Bucket })))).toEqual(KEYS);
  });

  rule("an entry has size, quoted ETag, class and time of its object", async () => {
    const { Contents = [], KeyCount, IsTruncated, MaxKeys } = await list({ Prefix: "é" });
    expect({ KeyCount, IsTruncated, MaxKeys }).toEqual({
      KeyCount: 1,
      IsTruncated: false,
      MaxKeys: 1000,
    });
    expect(Contents[0]).toMatchObject({ Key: "é", Size: 2, StorageClass: "STANDARD" });
    expect(Contents[0]?.ETag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(Date.now() - Number(Contents[0]?.LastModified)).toBeLessThan(600_000);
  });

  rule("the owner is named on request only", async () => {
    expect((await list({ MaxKeys: 1 })).Contents?.[0]?.Owner).toBeUndefined();
    const { Contents = [] } = await list({ MaxKeys: 1, FetchOwner: true });
    expect(Contents[0]?.Owner?.ID).toBeTruthy();
  });

  rule("a delimiter folds keys into common prefixes", async () => {
    const page = await list({ Delimiter: "/" });
    expect(page.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(["a/", "b/", "docs/"]);
    expect(keysOf(page)).toEqual(KEYS.filter((key) => !key.includes("/")));
    expect(page).toMatchObject({ Delimiter: "/", KeyCount: KEYS.length - 11 + 3 });
  });

  rule("a delimiter may be any text, and a prefix need not end in it", async () => {
    expect(keysOf(await list({ Prefix: "a/b" }))).toEqual(["a/b/1", "a/b/2"]);
    const folded = await list({ Prefix: "docs/", Delimiter: "ä/" });
    expect(folded.CommonPrefixes).toEqual([{ Prefix: "docs/ä/" }]);
  });

  rule("encoding-type=url encodes keys, prefixes and the delimiter", async () => {
    const page = await list({ Prefix: "docs/", Delimiter: "/", EncodingType: "url" });
    expect(page.EncodingType).toBe("url");
    const prefixes = page.CommonPrefixes?.map(({ Prefix }) => Prefix);
    expect(prefixes).toEqual(["docs/a%26b/", "docs/%C3%A4/"]);
    expect(keysOf(await list({ Prefix: "a+", EncodingType: "url" }))).toEqual(["a%2Bb"]);
  });

  rule("start-after begins after that key, which need not exist", async () => {
    expect(keysOf(await list({ StartAfter: "a/2", MaxKeys: 2 }))).toEqual(["a/b/1", "a/b/2"]);
    expect(keysOf(await list({ StartAfter: "y" }))).toEqual(KEYS.slice(KEYS.indexOf("z")));
    expect(await list({ StartAfter: "\u{10ffff}" })).toMatchObject({ KeyCount: 0 });
  });

  rule("start-after within a common prefix still shows what follows in it", async () => {
    const page = await list({ Delimiter: "/", StartAfter: "a/1" });
    expect(page.CommonPrefixes?.[0]?.Prefix).toBe("a/");
  });

  rule("max-keys=0 is an empty page that is not truncated", async () => {
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });

  rule("max-keys above 1,000 is 1,000, below 0 or no number InvalidArgument", async () => {
    expect((await list({ MaxKeys: 5_000 })).MaxKeys).toBe(1_000);
    for (const value of ["-1", "many"]) {
      const query = { "list-type": "2", "max-keys": value };
      const answer = await sendSigned(target, { method: "GET", path: objectPath(Bucket), query });
      expect(`${value}: ${verdict(answer)}`).toBe(`${value}: 400 InvalidArgument`);
    }
  });

  rule("a continuation token that nobody issued is InvalidArgument", async () => {
    const forged = list({ ContinuationToken: "forged!" });
    expect(await refusalOf(forged)).toBe("400 InvalidArgument");
  });

  rule("an unknown encoding-type is InvalidArgument", async () => {
    const query = { "list-type": "2", "encoding-type": "base64" };
    const answer = await sendSigned(target, { method: "GET", path: objectPath(Bucket), query });
    expect(verdict(answer)).toBe("400 InvalidArgument");
  });

  rule("a bucket that is not there is NoSuchBucket", async () => {
    const missing = list({ Bucket: "no-such-bucket-anywhere" });
    expect(await refusalOf(missing)).toBe("404 NoSuchBucket");
  });

  rule("pages of the second version of any size tile the listing exactly", async () => {
    await fc.assert(
      fc.asyncProperty(questions(), async ({ prefix, delimiter, maxKeys }) => {
        const entries: string[] = [];
        let ContinuationToken: string | undefined;
        do {
          const page = await list({
            MaxKeys: maxKeys,
            ...(prefix && { Prefix: prefix }),
            ...(delimiter && { Delimiter: delimiter }),
            ...(ContinuationToken && { ContinuationToken }),
          });
          const folded = (page.CommonPrefixes ?? []).map(({ Prefix = "" }) => Prefix);
          const found = [...keysOf(page).map((key = "") => key), ...folded];
          expect(found.length).toBeLessThanOrEqual(maxKeys);
          expect(page.KeyCount).toBe(found.length);
          entries.push(...found.toSorted(byUtf8));
          ContinuationToken = page.NextContinuationToken;
          expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
        } while (ContinuationToken);
        expect(entries).toEqual(model(prefix, delimiter));
      }),
      { numRuns: 15 },
    );
  });

  rule("pages of the first version, by marker, tile it too", async () => {
    await fc.assert(
      fc.asyncProperty(questions(), async ({ prefix, delimiter, maxKeys }) => {
        const entries: string[] = [];
        let Marker: string | undefined;
        do {
          const page = await client.send(
            new ListObjectsCommand({
              Bucket,
              MaxKeys: maxKeys,
              ...(prefix && { Prefix: prefix }),
              ...(delimiter && { Delimiter: delimiter }),
              ...(Marker && { Marker }),
            }),
          );
          const folded = (page.CommonPrefixes ?? []).map(({ Prefix = "" }) => Prefix);
          const found = [...keysOf(page).map((key = "") => key), ...folded].toSorted(byUtf8);
          entries.push(...found);
          // NextMarker comes with a delimiter only; else the last key stands in for it.
          if (page.IsTruncated && delimiter) expect(page.NextMarker).toBe(found.at(-1));
          Marker = page.IsTruncated ? found.at(-1) : undefined;
        } while (Marker !== undefined);
        expect(entries).toEqual(model(prefix, delimiter));
      }),
      { numRuns: 15 },
    );
  });
}

/** What to list, in pages of how many. */
function questions() {
  return fc.record({
    prefix: fc.constantFrom("", "a", "a/", "a/b/", "docs/", "b/", "nothing/"),
    delimiter: fc.constantFrom("", "/", "ä", "b"),
    maxKeys: fc.integer({ min: 1, max: KEYS.length + 1 }),
  });
}

/** Keys and common prefixes as S3 defines them, in order. */
function model(prefix: string, delimiter: string): string[] {
  const folded = KEYS.filter((key) => key.startsWith(prefix)).map((key) => {
    const at = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    return at < 0 ? key : key.slice(0, at + delimiter.length);
  });
  return [...new Set(folded)].toSorted(byUtf8);
}

function byUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
