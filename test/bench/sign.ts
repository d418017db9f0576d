/**
 * Time to sign 10,000 part URLs through the route (real HTTP, windows of 1,000, parsed by the client),
 * against the SDK's getSignedUrl in the same run: `npm run bench:sign`. Nothing is sent to a storage.
 */
import { S3Client, UploadPartCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { createUploadIds } from "../../server/routes/index.ts";
import { serveBackend } from "../server/serve-backend.ts";

const PART_COUNT = 10_000;
const WINDOW_PARTS = 1000;
const ROUNDS = 5;
const GOAL_MS = 200;

const bucket = {
  bucket: "bench",
  endpoint: "http://127.0.0.1:9",
  region: "us-east-1",
  forcePathStyle: true,
  credentials: { accessKeyId: "BENCH", secretAccessKey: "bench-secret" },
};
const UPLOAD = { Bucket: bucket.bucket, Key: "folder/large file.bin", UploadId: "2~bench" };

async function throughRoute(url: string, id: string): Promise<string[]> {
  const urls: string[] = [];
  for (let first = 1; first <= PART_COUNT; first += WINDOW_PARTS) {
    const partNumbers = Array.from({ length: WINDOW_PARTS }, (_, index) => first + index);
    const response = await fetch(`${url}/api/uploads/${id}/parts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ partNumbers }),
    });
    const { parts } = JSON.parse(await response.text());
    for (const part of parts) urls.push(part.url);
  }
  return urls;
}

async function throughSdk(client: S3Client): Promise<string[]> {
  const urls: string[] = [];
  for (let PartNumber = 1; PartNumber <= PART_COUNT; PartNumber += 1) {
    const command = new UploadPartCommand({ ...UPLOAD, PartNumber });
    urls.push(await getSignedUrl(client, command, { expiresIn: 3600 }));
  }
  return urls;
}

async function timed(sign: () => Promise<string[]>): Promise<{ ms: number; urls: string[] }> {
  const startedAt = performance.now();
  const urls = await sign();
  return { ms: performance.now() - startedAt, urls };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** All but what depends on the second of signing. */
function shapeOf(url: string | undefined): string {
  return (url ?? "").replace(/X-Amz-(Date|Signature)=[^&]+&?/g, "");
}

const backend = await serveBackend(bucket);
const id = createUploadIds(Buffer.alloc(32, 1), bucket.bucket).issue({
  bucket: bucket.bucket,
  key: UPLOAD.Key,
  owner: "local",
  ifAbsent: true,
  tag: "bench",
  how: {
    method: "multipart",
    uploadId: UPLOAD.UploadId,
    sizeBytes: PART_COUNT * 8 * 1024 * 1024,
    partSizeBytes: 8 * 1024 * 1024,
    partSizes: "equal",
    partCount: PART_COUNT,
    declared: null,
    maxBytes: null,
  },
});
const { bucket: _, ...settings } = bucket;
const client = new S3Client({ ...settings, requestChecksumCalculation: "WHEN_REQUIRED" });

const route: number[] = [];
const sdk: number[] = [];
for (let round = 1; round <= ROUNDS; round += 1) {
  const ours = await timed(() => throughRoute(backend.url, id));
  const theirs = await timed(() => throughSdk(client));
  if (ours.urls.length !== PART_COUNT || shapeOf(ours.urls[42]) !== shapeOf(theirs.urls[42])) {
    throw new Error(`The URLs differ:\n${ours.urls[42]}\n${theirs.urls[42]}`);
  }
  route.push(ours.ms);
  sdk.push(theirs.ms);
  console.log(`round ${round}: route ${ours.ms.toFixed(0)} ms, SDK ${theirs.ms.toFixed(0)} ms`);
}
await backend.close();

const ratio = median(sdk) / median(route);
console.log(
  `\n${PART_COUNT} part URLs, median of ${ROUNDS}: through the route ${median(route).toFixed(0)} ms ` +
    `(goal ${GOAL_MS} ms), SDK getSignedUrl ${median(sdk).toFixed(0)} ms: ${ratio.toFixed(1)} times faster`,
);
