import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type HeadObjectCommandOutput,
  type ListPartsCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { Checksum, ChecksumAlgorithm } from "../../shared/api.ts";
import { ProblemError } from "../../shared/problem.ts";
import { archiveStateOf, type ArchiveState } from "./archive.ts";
import { checksumIn, toChecksumFields } from "./checksum-fields.ts";
import { s3CodeOf, toProblem } from "./s3-error.ts";
import { taggingHeader } from "./tagging.ts";

/** A multipart upload as the storage names it. */
export interface UploadAddress {
  readonly key: string;
  readonly uploadId: string;
}

/** What an object is stored with. */
export interface ObjectHeaders {
  readonly contentType?: string;
  readonly storageClass?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly cacheControl?: string;
  readonly contentEncoding?: string;
}

/** A part that the storage holds. */
export interface StoredPart {
  readonly partNumber: number;
  readonly sizeBytes: number;
  /** With its quotes, as S3 writes it. */
  readonly etag: string;
  readonly checksum?: Checksum;
}

/** How an upload is completed. */
export interface Completion {
  /** Only where no object has the key: `key-exists` otherwise. */
  readonly ifAbsent: boolean;
  /** The algorithm that the upload declared when it was opened: its parts are named with theirs. */
  readonly declared?: ChecksumAlgorithm | undefined;
  /** Of the whole object, for the storage to hold against its own. */
  readonly checksum?: Checksum | undefined;
}

/** An object that the storage holds. */
export interface StoredObject {
  readonly sizeBytes: number;
  readonly etag: string;
  readonly contentType: string;
  /** Names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly versionId?: string;
  /** Of an upload in parts AWS says when it began. */
  readonly lastModified?: Date;
  readonly checksum?: Checksum;
  /** Where it is archived, or was. */
  readonly archived?: ArchiveState;
}

/** What uploads need of a storage; every function throws ProblemError. */
export interface UploadGateway {
  /** `null` where there is no object. */
  headObject(key: string): Promise<StoredObject | null>;
  /**
   * @param declared every part will bring its checksum of this algorithm along
   * @param isAgain an earlier try may have opened one that nobody knows of: it is aborted
   */
  createUpload(
    key: string,
    headers: ObjectHeaders,
    declared?: ChecksumAlgorithm,
    isAgain?: boolean,
  ): Promise<string>;
  /** All pages, in order; `null` where the storage does not know the upload (any more). */
  listParts(upload: UploadAddress): Promise<StoredPart[] | null>;
  /**
   * @throws ProblemError `upload-gone` where the storage does not know the upload (any more),
   * `key-exists`, `checksum-mismatch`
   */
  completeUpload(
    upload: UploadAddress,
    parts: readonly StoredPart[],
    completion: Completion,
  ): Promise<void>;
  /** Ends when the storage no longer knows the upload; `gone`: it did not when it was first asked. */
  abortUpload(upload: UploadAddress): Promise<"aborted" | "gone">;
}

/** How long the storage may take, the SDK's retries included: a full Ceph RGW hangs instead of failing. */
export interface GatewayTimeouts {
  readonly callMs: number;
  /** Completing thousands of parts may take S3 minutes. */
  readonly completeMs: number;
}

const DEFAULT_TIMEOUTS: GatewayTimeouts = { callMs: 20_000, completeMs: 10 * 60_000 };

/** Parts still in flight can arrive behind an abort, which then has to be repeated. */
const MAX_ABORT_ATTEMPTS = 10;

/** How the functions below reach the bucket. */
interface Connection {
  readonly client: S3Client;
  readonly Bucket: string;
  readonly timeouts: GatewayTimeouts;
}

/** The gateway to one bucket, over the AWS SDK. */
export function createGateway(
  client: S3Client,
  bucket: string,
  timeouts: GatewayTimeouts = DEFAULT_TIMEOUTS,
): UploadGateway {
  const connection: Connection = { client, Bucket: bucket, timeouts };
  return {
    headObject: (key) => headObject(connection, key),
    createUpload: (key, headers, declared, isAgain) =>
      createUpload(connection, key, headers, declared, isAgain),
    listParts: (upload) => listParts(connection, upload),
    completeUpload: (upload, parts, completion) =>
      completeUpload(connection, upload, parts, completion),
    abortUpload: (upload) => abortUpload(connection, upload),
  };
}

async function headObject({ client, Bucket, timeouts }: Connection, Key: string) {
  try {
    const found = await client.send(
      new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }),
      within(timeouts.callMs),
    );
    return toStoredObject(found);
  } catch (error) {
    // A HEAD has no body, so that S3's code is lost but for the status.
    const problem = toProblem(error, "Look for the object");
    if (problem.code === "not-found") return null;
    throw problem;
  }
}

function toStoredObject(found: HeadObjectCommandOutput): StoredObject {
  const checksum = checksumIn(found);
  const { VersionId, LastModified } = found;
  const archived = archiveStateOf(found);
  return {
    sizeBytes: found.ContentLength ?? 0,
    etag: found.ETag ?? "",
    contentType: found.ContentType ?? "application/octet-stream",
    metadata: found.Metadata ?? {},
    ...(VersionId === undefined || VersionId === "null" ? {} : { versionId: VersionId }),
    ...(LastModified === undefined ? {} : { lastModified: LastModified }),
    ...(checksum === undefined ? {} : { checksum }),
    ...(archived === undefined ? {} : { archived }),
  };
}

async function createUpload(
  connection: Connection,
  Key: string,
  headers: ObjectHeaders,
  declared: ChecksumAlgorithm | undefined,
  isAgain = false,
) {
  const { client, Bucket, timeouts } = connection;
  try {
    const { UploadId, $metadata } = await client.send(
      new CreateMultipartUploadCommand({
        Bucket,
        Key,
        ...toCommandInput(headers),
        ...(declared === undefined
          ? {}
          : { ChecksumAlgorithm: declared, ChecksumType: "FULL_OBJECT" }),
      }),
      within(timeouts.callMs),
    );
    if (!UploadId) throw new ProblemError("storage-error", "The storage named no upload ID.");
    // The SDK tries again by itself where an answer was lost.
    if (isAgain || ($metadata.attempts ?? 1) > 1) {
      // As well as can be done: what stays is for the bucket's lifecycle rule.
      await abortForgotten(connection, { key: Key, uploadId: UploadId }).catch(() => undefined);
    }
    return UploadId;
  } catch (error) {
    throw toProblem(error, "Open the upload");
  }
}

function toCommandInput(headers: ObjectHeaders) {
  const { contentType, storageClass, metadata, tags, cacheControl, contentEncoding } = headers;
  return {
    ...(contentType === undefined ? {} : { ContentType: contentType }),
    ...(storageClass === undefined ? {} : { StorageClass: storageClassOf(storageClass) }),
    ...(metadata === undefined ? {} : { Metadata: { ...metadata } }),
    ...(tags === undefined ? {} : { Tagging: taggingHeader(tags) }),
    ...(cacheControl === undefined ? {} : { CacheControl: cacheControl }),
    ...(contentEncoding === undefined ? {} : { ContentEncoding: contentEncoding }),
  };
}

/** A try whose answer was lost lies at most so far back, in milliseconds. */
const FORGOTTEN_WITHIN_MS = 5 * 60_000;

/**
 * Aborts uploads of the same key that were opened a moment ago and never got a part. One that somebody
 * else has just opened loses nothing: its uploader opens another when its first part is refused.
 */
async function abortForgotten(connection: Connection, { key, uploadId }: UploadAddress) {
  const { client, Bucket, timeouts } = connection;
  const { Uploads = [] } = await client.send(
    new ListMultipartUploadsCommand({ Bucket, Prefix: key }),
    within(timeouts.callMs),
  );
  for (const { Key, UploadId, Initiated } of Uploads) {
    if (Key !== key || !UploadId || UploadId === uploadId) continue;
    if (!Initiated || Date.now() - Initiated.getTime() > FORGOTTEN_WITHIN_MS) continue;
    const parts = await listParts(connection, { key, uploadId: UploadId });
    if (parts?.length === 0) await abortUpload(connection, { key, uploadId: UploadId });
  }
}

async function listParts(connection: Connection, { key, uploadId }: UploadAddress) {
  const { client, Bucket, timeouts } = connection;
  const parts: StoredPart[] = [];
  let marker: string | undefined;
  try {
    do {
      const page: ListPartsCommandOutput = await client.send(
        new ListPartsCommand({
          Bucket,
          Key: key,
          UploadId: uploadId,
          ...(marker === undefined ? {} : { PartNumberMarker: marker }),
        }),
        within(timeouts.callMs),
      );
      for (const part of page.Parts ?? []) {
        const { PartNumber = 0, Size = 0, ETag = "" } = part;
        const checksum = checksumIn(part);
        const stored = { partNumber: PartNumber, sizeBytes: Size, etag: ETag };
        parts.push(checksum === undefined ? stored : { ...stored, checksum });
      }
      const next = page.IsTruncated ? page.NextPartNumberMarker : undefined;
      // A server that repeats its marker would have us ask for ever.
      marker = next === marker ? undefined : next;
    } while (marker !== undefined && marker !== "0");
    return parts;
  } catch (error) {
    if (isUnknownUpload(error)) return null;
    throw toProblem(error, "List the parts");
  }
}

/** Whether the storage does not know the upload (any more); Ceph RGW calls it NoSuchKey. */
export function isUnknownUpload(error: unknown): boolean {
  const code = s3CodeOf(error);
  return code === "NoSuchUpload" || code === "NoSuchKey" || code === "NotFound";
}

async function completeUpload(
  { client, Bucket, timeouts }: Connection,
  { key, uploadId }: UploadAddress,
  parts: readonly StoredPart[],
  { ifAbsent, declared, checksum }: Completion,
) {
  try {
    // The SDK reads the body and throws on an <Error> in a 200.
    await client.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key: key,
        UploadId: uploadId,
        MultipartUpload: {
          Parts: parts.map((part) => ({
            PartNumber: part.partNumber,
            ETag: part.etag,
            ...(part.checksum?.algorithm === declared ? toChecksumFields(part.checksum) : {}),
          })),
        },
        ...(declared === undefined ? {} : { ChecksumType: "FULL_OBJECT" }),
        ...toChecksumFields(checksum),
        ...(ifAbsent ? { IfNoneMatch: "*" } : {}),
      }),
      within(timeouts.completeMs),
    );
  } catch (error) {
    const doing = "Complete the upload";
    if (!isUnknownUpload(error)) throw toProblem(error, doing);
    const s3Code = s3CodeOf(error) ?? "NoSuchUpload";
    throw new ProblemError("upload-gone", `${doing}: the storage answered ${s3Code}.`, {
      cause: error,
      s3Code,
    });
  }
}

async function abortUpload(connection: Connection, upload: UploadAddress) {
  const { client, Bucket, timeouts } = connection;
  const { key: Key, uploadId: UploadId } = upload;
  let outcome: "aborted" | "gone" = "gone";
  for (let attempt = 1; attempt <= MAX_ABORT_ATTEMPTS; attempt += 1) {
    try {
      await client.send(
        new AbortMultipartUploadCommand({ Bucket, Key, UploadId }),
        within(timeouts.callMs),
      );
      outcome = "aborted";
    } catch (error) {
      if (!isUnknownUpload(error)) throw toProblem(error, "Abort the upload");
    }
    if ((await listParts(connection, upload)) === null) return outcome;
  }
  throw new ProblemError(
    "storage-busy",
    `Parts were still arriving after ${MAX_ABORT_ATTEMPTS} aborts; repeat the request.`,
  );
}

function within(timeoutMs: number) {
  return { abortSignal: AbortSignal.timeout(timeoutMs) };
}

/** The SDK lists the classes that it knows; other servers have classes of their own, and judge them. */
function storageClassOf(text: string) {
  return text as "STANDARD";
}
