import { storedAttributes } from "./attributes.ts";
import { requireBucket } from "./buckets.ts";
import type { Tables } from "../catalogue/catalogue.ts";
import { removeUpload } from "../catalogue/ownership.ts";
import type { UploadRecord } from "../catalogue/records.ts";
import { keyBytes, partNumberOfRow, partRow, uploadRow } from "../catalogue/row-key.ts";
import { defaultChecksumType, isChecksumTypeAllowed } from "../checksum/object-checksum.ts";
import { completeUpload } from "./complete-upload.ts";
import type { EngineContext } from "./context.ts";
import type {
  CreateUploadOptions,
  LifecycleRule,
  PartsPage,
  UploadInfo,
  Uploads,
} from "../engine.ts";
import { abortOf } from "./lifecycle.ts";
import { listUploads, uploadInfo } from "./list-uploads.ts";
import { partInfo, putPart, copyPart } from "./put-part.ts";
import { releaseAll } from "./release.ts";
import { newUploadId, requireUpload } from "./require-upload.ts";
import { S3Error } from "../s3-error.ts";

/** Multipart uploads on top of catalogue and content. */
export function createUploads(context: EngineContext): Uploads {
  const { catalogue, files } = context;
  const { tables } = catalogue;
  return {
    create: (bucket, key, options) => createUpload(context, bucket, key, options),
    async info(bucketName, key, uploadId) {
      const { bucket, upload } = requireUpload(tables, bucketName, key, uploadId);
      return withAbortDate(upload, bucket.documents.lifecycle);
    },
    putPart: (bucket, key, uploadId, partNumber, body, options) =>
      putPart(context, { bucket, key, uploadId, partNumber }, body, options),
    copyPart: (source, bucket, key, uploadId, partNumber, signal) =>
      copyPart(context, source, { bucket, key, uploadId, partNumber }, signal),
    async listParts(bucket, key, uploadId, { partNumberMarker = 0, maxParts }) {
      return listParts(tables, bucket, key, uploadId, partNumberMarker, maxParts);
    },
    async list(bucket, options) {
      return listUploads(tables, bucket, options);
    },
    complete: (bucket, key, uploadId, options) =>
      completeUpload(context, bucket, key, uploadId, options),
    async abort(bucket, key, uploadId) {
      const released = await catalogue.write(() => {
        const { row } = requireUpload(tables, bucket, key, uploadId);
        return removeUpload(tables, row, uploadId);
      }, "release");
      releaseAll(files, released);
    },
  };
}

async function createUpload(
  { catalogue, now }: EngineContext,
  bucket: string,
  key: string,
  options: CreateUploadOptions,
): Promise<UploadInfo> {
  const { attributes, initiator } = options;
  const initiatedAt = now();
  const upload: UploadRecord = {
    key,
    uploadId: newUploadId(initiatedAt),
    initiatedAt,
    attributes: storedAttributes(attributes),
    ...checksumPlan(options),
    ...(initiator !== undefined && { initiator }),
  };
  await catalogue.write(() => {
    const { bucketNumber } = requireBucket(catalogue.tables, bucket);
    const row = uploadRow(bucketNumber, keyBytes(key), upload.uploadId);
    catalogue.tables.uploads.putSync(row, upload);
  });
  return uploadInfo(upload);
}

function checksumPlan({
  checksumAlgorithm: algorithm,
  checksumType,
}: CreateUploadOptions): Pick<UploadRecord, "checksumAlgorithm" | "checksumType"> {
  if (algorithm === undefined) {
    if (checksumType === undefined) return {};
    const message =
      "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.";
    throw new S3Error("InvalidRequest", { message });
  }
  const type = checksumType ?? defaultChecksumType(algorithm);
  if (!isChecksumTypeAllowed(algorithm, type)) {
    const message = `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`;
    throw new S3Error("InvalidRequest", { message });
  }
  return { checksumAlgorithm: algorithm, checksumType: type };
}

function listParts(
  tables: Tables,
  bucketName: string,
  key: string,
  uploadId: string,
  marker: number,
  maxParts: number,
): PartsPage {
  const { bucket, upload } = requireUpload(tables, bucketName, key, uploadId);
  const range = {
    start: partRow(uploadId, Math.min(marker + 1, END_OF_PARTS)),
    end: partRow(uploadId, END_OF_PARTS),
    limit: maxParts + 1,
  };
  const rows = Array.from(tables.parts.getRange(range));
  const isTruncated = maxParts > 0 && rows.length > maxParts;
  const parts = rows
    .slice(0, maxParts)
    .map(({ key: row, value }) => partInfo(partNumberOfRow(row), value));
  const last = parts.at(-1);
  return {
    upload: withAbortDate(upload, bucket.documents.lifecycle),
    parts,
    isTruncated,
    ...(isTruncated && last && { nextPartNumberMarker: last.partNumber }),
  };
}

/** Above every part number, and within 16 bits. */
const END_OF_PARTS = 0xffff;

function withAbortDate(upload: UploadRecord, rules: readonly LifecycleRule[] = []): UploadInfo {
  const abort = abortOf(rules, upload);
  return { ...uploadInfo(upload), ...(abort && { abort }) };
}
