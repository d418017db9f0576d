import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListPartsCommand,
  type HeadObjectCommandOutput,
  type ListPartsCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { Checksum } from "../../shared/api.ts";
import { ProblemError } from "../../shared/problem.ts";
import { s3CodeOf, toProblem } from "./s3-error.ts";

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
}

/** A part that the storage holds. */
export interface StoredPart {
  readonly partNumber: number;
  readonly sizeBytes: number;
  /** With its quotes, as S3 writes it. */
  readonly etag: string;
}

/** An object that the storage holds. */
export interface StoredObject {
  readonly sizeBytes: number;
  readonly etag: string;
  readonly contentType: string;
  /** Names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly versionId?: string;
  readonly checksum?: Checksum;
}

/** What uploads need of a storage; every function throws ProblemError. */
export interface UploadGateway {
  /** `null` where there is no object. */
  headObject(key: string): Promise<StoredObject | null>;
  createUpload(key: string, headers: ObjectHeaders): Promise<string>;
  /** All pages, in order; `null` where the storage does not know the upload (any more). */
  listParts(upload: UploadAddress): Promise<StoredPart[] | null>;
  /**
   * @param ifAbsent only where no object has the key: `key-exists` otherwise
   * @throws ProblemError `upload-gone` where the storage does not know the upload (any more)
   */
  completeUpload(
    upload: UploadAddress,
    parts: readonly StoredPart[],
    ifAbsent: boolean,
  ): Promise<void>;
  /** Ends when the storage no longer knows the upload. */
  abortUpload(upload: UploadAddress): Promise<void>;
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
    createUpload: (key, headers) => createUpload(connection, key, headers),
    listParts: (upload) => listParts(connection, upload),
    completeUpload: (upload, parts, ifAbsent) =>
      completeUpload(connection, upload, parts, ifAbsent),
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
  const checksum = checksumOf(found);
  const { VersionId } = found;
  return {
    sizeBytes: found.ContentLength ?? 0,
    etag: found.ETag ?? "",
    contentType: found.ContentType ?? "application/octet-stream",
    metadata: found.Metadata ?? {},
    ...(VersionId === undefined || VersionId === "null" ? {} : { versionId: VersionId }),
    ...(checksum === undefined ? {} : { checksum }),
  };
}

/** A composite checksum, `value-N`, is one of the parts' checksums and says nothing of the bytes. */
function checksumOf(found: HeadObjectCommandOutput): Checksum | undefined {
  const values = [
    ["CRC64NVME", found.ChecksumCRC64NVME],
    ["CRC32C", found.ChecksumCRC32C],
    ["CRC32", found.ChecksumCRC32],
    ["SHA256", found.ChecksumSHA256],
    ["SHA1", found.ChecksumSHA1],
  ] as const;
  for (const [algorithm, value] of values) {
    if (value !== undefined && !value.includes("-")) return { algorithm, value };
  }
  return undefined;
}

async function createUpload(
  { client, Bucket, timeouts }: Connection,
  Key: string,
  { contentType, storageClass, metadata }: ObjectHeaders,
) {
  try {
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({
        Bucket,
        Key,
        ...(contentType === undefined ? {} : { ContentType: contentType }),
        ...(storageClass === undefined ? {} : { StorageClass: storageClassOf(storageClass) }),
        ...(metadata === undefined ? {} : { Metadata: { ...metadata } }),
      }),
      within(timeouts.callMs),
    );
    if (!UploadId) throw new ProblemError("storage-error", "The storage named no upload ID.");
    return UploadId;
  } catch (error) {
    throw toProblem(error, "Open the upload");
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
      for (const { PartNumber = 0, Size = 0, ETag = "" } of page.Parts ?? []) {
        parts.push({ partNumber: PartNumber, sizeBytes: Size, etag: ETag });
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

/** Ceph RGW calls it NoSuchKey. */
function isUnknownUpload(error: unknown): boolean {
  const code = s3CodeOf(error);
  return code === "NoSuchUpload" || code === "NoSuchKey" || code === "NotFound";
}

async function completeUpload(
  { client, Bucket, timeouts }: Connection,
  { key, uploadId }: UploadAddress,
  parts: readonly StoredPart[],
  ifAbsent: boolean,
) {
  try {
    // The SDK reads the body and throws on an <Error> in a 200.
    await client.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key: key,
        UploadId: uploadId,
        MultipartUpload: {
          Parts: parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag })),
        },
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
  for (let attempt = 1; attempt <= MAX_ABORT_ATTEMPTS; attempt += 1) {
    try {
      await client.send(
        new AbortMultipartUploadCommand({ Bucket, Key, UploadId }),
        within(timeouts.callMs),
      );
    } catch (error) {
      if (!isUnknownUpload(error)) throw toProblem(error, "Abort the upload");
    }
    if ((await listParts(connection, upload)) === null) return;
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
