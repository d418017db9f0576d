/**
 * What browsers send to a bucket and read of its answers, by which CORS rules are proposed and judged.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 */

/** What a site sends from a browser to upload, and what it has to read of the answer. */
export interface CorsExchange {
  readonly method: string;
  readonly headers: readonly string[];
  readonly reads: readonly string[];
}

const CHECKSUM_HEADERS = [
  "x-amz-checksum-crc64nvme",
  "x-amz-checksum-crc32c",
  "x-amz-checksum-crc32",
  "x-amz-checksum-sha256",
  "x-amz-checksum-sha1",
];

/** One of the many headers that options of an upload add. */
const SENT_HEADERS = [
  "cache-control",
  "content-encoding",
  "content-type",
  "if-none-match",
  "x-amz-checksum-crc64nvme",
  "x-amz-meta-name",
  "x-amz-sdk-checksum-algorithm",
  "x-amz-storage-class",
  "x-amz-tagging",
];

/** All that a page of ours, and the engine in a page of others, does with a bucket. */
export const CORS_EXCHANGES: readonly CorsExchange[] = [
  { method: "PUT", headers: SENT_HEADERS, reads: ["ETag", "Retry-After", ...CHECKSUM_HEADERS] },
  // A form needs a preflight because its progress is watched.
  { method: "POST", headers: [], reads: ["ETag"] },
  { method: "GET", headers: ["range", "if-match"], reads: ["ETag", "Content-Range"] },
  { method: "HEAD", headers: [], reads: ["ETag"] },
];

/** Methods that a rule has to allow. */
export const CORS_METHODS: readonly string[] = CORS_EXCHANGES.map(({ method }) => method);

/** What browsers hide from a page unless a rule exposes it, and the page reads. */
export const CORS_EXPOSED_HEADERS: readonly string[] = [
  ...new Set(CORS_EXCHANGES.flatMap(({ reads }) => reads)),
];

/** Two hours: more than any browser remembers the answer to a preflight. */
export const CORS_MAX_AGE_SECONDS = 7200;
