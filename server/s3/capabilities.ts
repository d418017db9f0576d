import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketCorsCommand,
  S3ServiceException,
  UploadPartCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { ChecksumAlgorithm } from "../../shared/api.ts";
import { isAwsEndpoint } from "../../shared/aws-endpoint.ts";
import type { FormPosts } from "./form-posts.ts";
import { s3CodeOf } from "./s3-error.ts";

/** What whole objects are checked by, as `GET /api/config` explains it. */
export interface ChecksumCapability {
  readonly algorithm: ChecksumAlgorithm;
  readonly mode: "computed" | "declared";
  /** One that is named at completion is held against the bytes before the object is made. */
  readonly verifiedAtCompletion: boolean;
}

/** What a storage can and lacks, as far as uploads depend on it. */
export interface Capabilities {
  /** `If-None-Match: *` on completion is kept, so that nothing is overwritten by a race. */
  readonly conditionalWrites: boolean;
  /** All parts but the last have to be of one size. */
  readonly equalParts: boolean;
  readonly checksum: ChecksumCapability | null;
  readonly formPosts: FormPosts;
  /** Accelerated origins work. */
  readonly acceleration: boolean;
  /** `unknown` where the storage does not tell. */
  readonly cors: "present" | "missing" | "unknown";
  /** One English sentence for each thing that is missing. */
  readonly lacks: readonly string[];
}

/** What is known of a storage before it is asked. */
interface StorageKind {
  readonly kind: "embedded" | "s3";
  readonly bucket: string;
  /** `null`: AWS itself. */
  readonly endpoint: string | null;
  /** `null`: found out. */
  readonly equalParts: boolean | null;
  readonly accelerateEndpoints: readonly string[];
}

/** Nothing of a probe may outlive it; its key says what it was if a crash leaves it behind. */
const PROBE_KEY_PREFIX = ".sluice-probe-";

const PROBE_TIMEOUT_MS = 20_000;

/**
 * Finds out what the storage can do. Nothing that is in the bucket is touched: the one write is an
 * upload under a random key that a storage with conditional writes refuses to complete, and that is
 * deleted again where it is completed all the same.
 * @throws whatever kept the storage from answering
 */
export async function detectCapabilities(
  client: S3Client,
  { kind, bucket, endpoint, equalParts, accelerateEndpoints }: StorageKind,
): Promise<Capabilities> {
  const isAws = kind === "s3" && isAwsEndpoint(endpoint);
  const isKnown = kind === "embedded" || isAws;
  const [conditionalWrites, cors] = await Promise.all([
    isKnown || probeConditionalWrites(client, bucket),
    probeCors(client, bucket),
  ]);
  const found = {
    conditionalWrites,
    cors,
    equalParts: equalParts ?? isCloudflare(endpoint),
    checksum: isKnown ? { ...COMPUTED, verifiedAtCompletion: kind === "embedded" } : null,
    formPosts: kind === "embedded" ? ALL_FORMS : isAws ? AWS_FORMS : NO_FORMS,
    acceleration: accelerateEndpoints.length > 0,
  };
  return { ...found, lacks: lacksOf(found) };
}

const COMPUTED = { algorithm: "CRC64NVME", mode: "computed" } as const;

const ALL_FORMS: FormPosts = { work: true, conditional: true, verifyChecksums: true };

/** S3 documents conditions and checksums for PutObject, but for no form. */
const AWS_FORMS: FormPosts = { work: true, conditional: false, verifyChecksums: false };

const NO_FORMS: FormPosts = { work: false, conditional: false, verifyChecksums: false };

function lacksOf({ conditionalWrites, cors }: Omit<Capabilities, "lacks">): string[] {
  const lacks: string[] = [];
  if (!conditionalWrites) {
    lacks.push(
      "The storage ignores If-None-Match on completion: " +
        "two uploads of one name at the same moment can overwrite each other.",
    );
  }
  if (cors === "missing") {
    lacks.push(
      "The bucket has no CORS rule: browsers cannot upload to it until one allows PUT and GET " +
        "from this site and exposes ETag.",
    );
  }
  return lacks;
}

/** Cloudflare R2 refuses parts of different sizes only at completion, when it is too late. */
function isCloudflare(endpoint: string | null): boolean {
  return endpoint !== null && new URL(endpoint).hostname.endsWith(".r2.cloudflarestorage.com");
}

/**
 * Completes a small upload on condition that an object of an impossible ETag is there: a storage that
 * knows conditions refuses, any other makes an object of one byte, which is deleted with its version.
 */
async function probeConditionalWrites(client: S3Client, Bucket: string): Promise<boolean> {
  const Key = PROBE_KEY_PREFIX + crypto.randomUUID();
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ Bucket, Key }),
    within(PROBE_TIMEOUT_MS),
  );
  if (!UploadId) return false;
  try {
    const { ETag } = await client.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: Buffer.from("0") }),
      within(PROBE_TIMEOUT_MS),
    );
    const { VersionId } = await client.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key,
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ...(ETag === undefined ? {} : { ETag }) }] },
        IfMatch: '"00000000000000000000000000000000"',
      }),
      within(PROBE_TIMEOUT_MS),
    );
    await client.send(
      new DeleteObjectCommand({ Bucket, Key, ...(VersionId ? { VersionId } : {}) }),
      within(PROBE_TIMEOUT_MS),
    );
    return false;
  } catch (error) {
    await client
      .send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }), within(PROBE_TIMEOUT_MS))
      .catch(() => undefined);
    if (isRefusedCondition(error)) return true;
    // A storage that is merely unwell has not answered the question.
    if (!isRefusal(error)) throw error;
    return false;
  }
}

/** Denied or not known: asking again would change nothing. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof S3ServiceException)) return false;
  const { httpStatusCode = 0 } = error.$metadata;
  if (httpStatusCode === 408 || httpStatusCode === 429) return false;
  return (httpStatusCode >= 400 && httpStatusCode < 500) || httpStatusCode === 501;
}

/** S3 says 404 where the object of a condition is missing, other servers 412. */
function isRefusedCondition(error: unknown): boolean {
  const code = s3CodeOf(error);
  return code === "PreconditionFailed" || code === "NoSuchKey";
}

async function probeCors(client: S3Client, Bucket: string): Promise<Capabilities["cors"]> {
  try {
    const { CORSRules } = await client.send(
      new GetBucketCorsCommand({ Bucket }),
      within(PROBE_TIMEOUT_MS),
    );
    return CORSRules !== undefined && CORSRules.length > 0 ? "present" : "unknown";
  } catch (error) {
    return s3CodeOf(error) === "NoSuchCORSConfiguration" ? "missing" : "unknown";
  }
}

function within(timeoutMs: number) {
  return { abortSignal: AbortSignal.timeout(timeoutMs) };
}
