import {
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findAddress } from "../../../server/s3/bucket-address.ts";
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

const numbered = (...numbers: number[]) => numbers.map((partNumber) => ({ partNumber }));

/** Signs for the places that clients speak to, the first of which lends its credentials. */
async function presignerFor(clients: readonly S3Client[], bucket: string, skewMs = 0) {
  const [client] = clients;
  if (client === undefined) throw new Error("At least one client.");
  return createPresigner({
    bucket,
    addresses: await Promise.all(clients.map((each) => findAddress(each, bucket))),
    region: client.config.region,
    credentials: client.config.credentials,
    now: () => NOW,
    skewMs: () => skewMs,
  });
}

// The library takes its own time where it is not told one.
beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

describe.each(places)("presigning for %s", (_, place, origin) => {
  const client = createS3Client(place, origin);
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
          const presigner = await presignerFor([client], Bucket);
          const upload = { key: Key, uploadId: UploadId };
          const { parts } = await presigner.signParts(upload, numbered(...numbers));
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
    const presigner = await presignerFor([client], Bucket);
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
    const presigner = await presignerFor([client], Bucket);
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

describe("checksums of parts", () => {
  const client = createS3Client(endpoint);
  const upload = { key: "a b", uploadId: "u" };
  const sum = (value: string) => ({ algorithm: "CRC32C", value }) as const;

  it("are signed as headers, each part's own, beside parts without", async () => {
    const presigner = await presignerFor([client], endpoint.bucket);
    const { parts } = await presigner.signParts(upload, [
      { partNumber: 1, checksum: sum("AAAAAA==") },
      { partNumber: 2 },
      { partNumber: 3, checksum: sum("BBBBBB==") },
    ]);
    for (const [index, value] of [
      [0, "AAAAAA=="],
      [2, "BBBBBB=="],
    ] as const) {
      const headers = {
        "x-amz-checksum-crc32c": value,
        "x-amz-sdk-checksum-algorithm": "CRC32C",
      };
      expect(parts[index]?.headers).toEqual(headers);
      const names = new Set([...Object.keys(headers), "host"]);
      const command = new UploadPartCommand({
        Bucket: endpoint.bucket,
        Key: "a b",
        UploadId: "u",
        PartNumber: index + 1,
        ChecksumAlgorithm: "CRC32C",
        ChecksumCRC32C: value,
      });
      const signing = { expiresIn: 3600, signableHeaders: names, unhoistableHeaders: names };
      expect(parts[index]?.url).toBe(await getSignedUrl(client, command, signing));
    }
    expect(parts[1]).not.toHaveProperty("headers");
    expect(new URL(parts[1]?.url ?? "").searchParams.get("X-Amz-SignedHeaders")).toBe("host");
  });
});

describe("several origins", () => {
  const AWS = { ...endpoint, endpoint: null, forcePathStyle: false };
  const clients = [
    createS3Client(AWS),
    createS3Client({ ...AWS, forcePathStyle: true }),
    createS3Client(endpoint),
  ];
  const ORIGINS = [
    "https://my-bucket.s3.eu-central-1.amazonaws.com",
    "https://s3.eu-central-1.amazonaws.com",
    "http://127.0.0.1:7500",
  ];
  const upload = { key: "a b", uploadId: "u" };
  const originsOf = (urls: readonly string[] = []) => urls.map((url) => new URL(url).origin);

  it("are signed each as the SDK signs for it alone, in the order of the bucket", async () => {
    const presigner = await presignerFor(clients, endpoint.bucket);
    const wanted = [ORIGINS[2] ?? "", "https://unknown.example", ORIGINS[1] ?? ""];
    const { parts } = await presigner.signParts(upload, numbered(7, 2), wanted);
    for (const { partNumber, url, alternates = [] } of parts) {
      const input = { Bucket: endpoint.bucket, Key: "a b", UploadId: "u", PartNumber: partNumber };
      const command = new UploadPartCommand(input);
      const theirs = clients.map((each) => getSignedUrl(each, command, { expiresIn: 3600 }));
      expect([url, ...alternates]).toEqual(await Promise.all(theirs));
    }
  });

  it("are left out where nobody asked for them", async () => {
    const presigner = await presignerFor(clients, endpoint.bucket);
    const { parts } = await presigner.signParts(upload, numbered(1));
    expect(parts[0]).not.toHaveProperty("alternates");
    const first = await presigner.signPut("a", {}, 1, [ORIGINS[0] ?? ""]);
    expect(first).not.toHaveProperty("alternates");
  });

  it("serve single PUTs and forms as well, a form's fields all of them", async () => {
    const presigner = await presignerFor(clients, endpoint.bucket);
    const put = await presigner.signPut("a", { "content-type": "text/plain" }, 1, ORIGINS);
    expect(originsOf([put.url, ...(put.alternates ?? [])])).toEqual(ORIGINS);
    const form = await presigner.signForm({ key: "a", fields: {}, sizeBytes: 1 }, ORIGINS);
    expect([form.url, ...(form.alternates ?? [])]).toEqual([
      `${ORIGINS[0]}/`,
      `${ORIGINS[1]}/my-bucket`,
      `${ORIGINS[2]}/my-bucket`,
    ]);
  });
});

describe("the life of a URL", () => {
  const lifeWith = async (credentials: object) => {
    const client = createS3Client({ ...endpoint, ...credentials });
    const presigner = await presignerFor([client], endpoint.bucket);
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
    const presigner = await presignerFor([client], endpoint.bucket, hourMs);
    const { parts, expiresAt } = await presigner.signParts(
      { key: "a", uploadId: "u" },
      numbered(1, 2),
    );
    for (const { url } of parts) {
      expect(new URL(url).searchParams.get("X-Amz-Date")).toBe("20261123T130000Z");
    }
    expect(expiresAt).toEqual(new Date(NOW.getTime() + hourMs));
  });

  it("signs parts with the token of temporary credentials as the SDK does", async () => {
    const client = createS3Client({ ...endpoint, ...temporary(20 * 60_000) });
    const presigner = await presignerFor([client], endpoint.bucket);
    const { parts } = await presigner.signParts({ key: "a", uploadId: "u" }, numbered(1, 2));
    const input = { Bucket: endpoint.bucket, Key: "a", UploadId: "u", PartNumber: 2 };
    expect(parts[1]?.url).toBe(
      await getSignedUrl(client, new UploadPartCommand(input), { expiresIn: 1200 }),
    );
  });
});

describe("an origin that carries the bucket's name", () => {
  it("is used as it is", async () => {
    const client = createS3Client(endpoint, "https://my-bucket.s3.example.net");
    const presigner = await presignerFor([client], endpoint.bucket);
    const { url } = await presigner.signGet("a/b", {});
    expect(url).toContain("https://my-bucket.s3.example.net/a/b?");
  });
});
