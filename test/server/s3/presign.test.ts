import { GetObjectCommand, PutObjectCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createS3Client, type S3Endpoint } from "../../../server/s3/client.ts";
import { createPresigner } from "../../../server/s3/presign.ts";

const NOW = new Date("2026-11-23T12:00:00Z");
const endpoint = {
  bucket: "my-bucket",
  endpoint: "http://127.0.0.1:7500",
  region: "eu-central-1",
  forcePathStyle: true,
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG" },
} satisfies S3Endpoint;
const places: [string, S3Endpoint, string | null][] = [
  ["path style", endpoint, endpoint.endpoint],
  ["AWS, virtual-hosted", { ...endpoint, endpoint: null, forcePathStyle: false }, null],
  [
    "AWS, a bucket with dots",
    { ...endpoint, bucket: "a.b.c", endpoint: null, forcePathStyle: false },
    null,
  ],
  [
    "a public endpoint behind a path",
    { ...endpoint, endpoint: "https://example.net/s3" },
    "https://example.net/s3",
  ],
];

// The library takes its own time where it is not told one.
beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

describe.each(places)("presigning for %s", (_, place, origin) => {
  const client = createS3Client(place, origin);
  const presigner = createPresigner(client, place.bucket, () => NOW);
  const Bucket = place.bucket;

  it("makes the same part URLs as the SDK's getSignedUrl, whatever key and upload ID", async () => {
    const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
    const key = text.filter((key) => !/^\.*\/|\/\.*\/|\/\.*$|^\.+$/.test(key));
    await fc.assert(
      fc.asyncProperty(
        key,
        text,
        fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 3 }),
        async (Key, UploadId, numbers) => {
          const { parts } = await presigner.signParts({ key: Key, uploadId: UploadId }, numbers);
          for (const { partNumber, url } of parts) {
            const command = new UploadPartCommand({
              Bucket,
              Key,
              UploadId,
              PartNumber: partNumber,
            });
            expect(url).toBe(await getSignedUrl(client, command, { expiresIn: 3600 }));
          }
          expect(parts.map(({ partNumber }) => partNumber)).toEqual(numbers);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("makes the same GET URL", async () => {
    const { url } = await presigner.signGet("a b/ü&'()*.txt", {
      "response-content-disposition": `inline; filename*=UTF-8''%C3%BC.txt`,
    });
    const command = new GetObjectCommand({
      Bucket,
      Key: "a b/ü&'()*.txt",
      ResponseContentDisposition: `inline; filename*=UTF-8''%C3%BC.txt`,
    });
    expect(url).toBe(await getSignedUrl(client, command, { expiresIn: 3600 }));
  });

  it("makes the same PUT URL with headers that have to be sent", async () => {
    const headers = {
      "content-type": "text/plain",
      "if-none-match": "*",
      "x-amz-meta-a": "b c",
      "x-amz-storage-class": "STANDARD_IA",
    };
    const { url } = await presigner.signPut("a.txt", headers, 5);
    const names = new Set([...Object.keys(headers), "content-length", "host"]);
    const command = new PutObjectCommand({
      Bucket,
      Key: "a.txt",
      ContentType: "text/plain",
      ContentLength: 5,
      IfNoneMatch: "*",
      Metadata: { a: "b c" },
      StorageClass: "STANDARD_IA",
    });
    expect(url).toBe(
      await getSignedUrl(client, command, {
        expiresIn: 3600,
        signableHeaders: names,
        unhoistableHeaders: names,
      }),
    );
    expect(new URL(url).searchParams.get("X-Amz-SignedHeaders")).toBe(
      "content-length;content-type;host;if-none-match;x-amz-meta-a;x-amz-storage-class",
    );
  });
});

describe("the life of a URL", () => {
  const lifeWith = async (credentials: object) => {
    const client = createS3Client({ ...endpoint, ...credentials });
    const presigner = createPresigner(client, endpoint.bucket, () => NOW);
    const { url, expiresAt } = await presigner.signGet("a", {});
    const seconds = Number(new URL(url).searchParams.get("X-Amz-Expires"));
    expect(expiresAt.getTime()).toBe(NOW.getTime() + seconds * 1000);
    return { seconds, url: new URL(url) };
  };
  const temporary = (lifeMs: number) => ({
    credentials: {
      ...endpoint.credentials,
      sessionToken: "token/+=",
      expiration: new Date(NOW.getTime() + lifeMs),
    },
  });

  it("is an hour", async () => {
    expect((await lifeWith({})).seconds).toBe(3600);
  });

  it("is never longer than that of temporary credentials, whose token comes along", async () => {
    const { seconds, url } = await lifeWith(temporary(20 * 60_000));
    expect(seconds).toBe(1200);
    expect(url.searchParams.get("X-Amz-Security-Token")).toBe("token/+=");
    expect((await lifeWith(temporary(5 * 3_600_000))).seconds).toBe(3600);
  });

  it("begins by the storage's clock and is told by ours", async () => {
    const client = createS3Client(endpoint);
    const hourMs = 3_600_000;
    const presigner = createPresigner(
      client,
      endpoint.bucket,
      () => NOW,
      () => hourMs,
    );
    const { parts, expiresAt } = await presigner.signParts({ key: "a", uploadId: "u" }, [1, 2]);
    for (const { url } of parts) {
      expect(new URL(url).searchParams.get("X-Amz-Date")).toBe("20261123T130000Z");
    }
    expect(expiresAt).toEqual(new Date(NOW.getTime() + hourMs));
  });

  it("signs parts with the token of temporary credentials as the SDK does", async () => {
    const client = createS3Client({ ...endpoint, ...temporary(20 * 60_000) });
    const presigner = createPresigner(client, endpoint.bucket, () => NOW);
    const { parts } = await presigner.signParts({ key: "a", uploadId: "u" }, [1, 2]);
    const input = { Bucket: endpoint.bucket, Key: "a", UploadId: "u", PartNumber: 2 };
    expect(parts[1]?.url).toBe(
      await getSignedUrl(client, new UploadPartCommand(input), { expiresIn: 1200 }),
    );
  });
});

describe("an origin that carries the bucket's name", () => {
  it("is used as it is", async () => {
    const client = createS3Client(endpoint, "https://my-bucket.s3.example.net");
    const presigner = createPresigner(client, endpoint.bucket, () => NOW);
    const { url } = await presigner.signGet("a/b", {});
    expect(url).toContain("https://my-bucket.s3.example.net/a/b?");
  });
});
