import { createHash } from "node:crypto";
import { MAX_OBJECT_SIZE_BYTES, MAX_PART_COUNT } from "../../../shared/limits.ts";
import { requireBucket } from "./buckets.ts";
import type { Tables } from "../catalogue/catalogue.ts";
import { putObject, removeUpload, type Released } from "../catalogue/ownership.ts";
import type {
  ManifestRecord,
  ObjectRecord,
  PartRecord,
  UploadRecord,
} from "../catalogue/records.ts";
import { idRow, keyBytes, objectRow, partRow } from "../catalogue/row-key.ts";
import { multipartEtag } from "../checksum/object-checksum.ts";
import { completedChecksum, type ChosenPart } from "./completed-checksum.ts";
import { checkWrite } from "./conditions.ts";
import type { EngineContext } from "./context.ts";
import type { CompletedPart, CompleteOptions, ObjectInfo } from "../engine.ts";
import { objectInfo } from "./object-info.ts";
import { releaseAll } from "./release.ts";
import { isUploadId, noSuchUpload, requireUpload } from "./require-upload.ts";
import { S3Error } from "../s3-error.ts";

/**
 * Completes an upload in one transaction: everything is checked before anything changes, and no byte moves.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export async function completeUpload(
  context: EngineContext,
  bucket: string,
  key: string,
  uploadId: string,
  options: CompleteOptions,
): Promise<ObjectInfo> {
  checkPartList(options.parts);
  const { catalogue, files } = context;
  const { tables } = catalogue;
  const { result, released } = await catalogue.write(() => {
    const before = repeatedResult(tables, bucket, key, uploadId, options.parts);
    if (before) return { result: before, released: [] };
    const { row, upload } = requireUpload(tables, bucket, key, uploadId);
    const parts = chooseParts(tables, uploadId, options.parts, context.minPartSizeBytes);
    const record = completedRecord(upload, parts, options, context.now());
    const objectAt = objectRow(requireBucket(tables, bucket).bucketNumber, keyBytes(key));
    checkWrite(tables.objects.get(objectAt), options.conditions, "before");
    return replaceByObject(tables, row, objectAt, upload, record, parts, options.parts);
  });
  releaseAll(files, released);
  return result;
}

function checkPartList(parts: readonly CompletedPart[]): void {
  if (parts.length === 0 || parts.length > MAX_PART_COUNT) throw new S3Error("MalformedXML");
  let before = 0;
  for (const { partNumber } of parts) {
    if (partNumber <= before) throw new S3Error("InvalidPartOrder");
    before = partNumber;
  }
}

/** The parts as they are stored. @throws InvalidPart, EntityTooSmall, EntityTooLarge */
function chooseParts(
  tables: Tables,
  uploadId: string,
  named: readonly CompletedPart[],
  minPartSizeBytes: number,
): ChosenPart[] {
  const parts = named.map((part) => {
    const stored = storedPart(tables, uploadId, part);
    return { ...stored, partNumber: part.partNumber };
  });
  const tooSmall = parts.slice(0, -1).find(({ sizeBytes }) => sizeBytes < minPartSizeBytes);
  if (tooSmall) throw entityTooSmall(tooSmall, minPartSizeBytes);
  return parts;
}

function storedPart(tables: Tables, uploadId: string, named: CompletedPart): PartRecord {
  const { partNumber, etag, checksum } = named;
  const stored = partNumber <= MAX_PART_COUNT && tables.parts.get(partRow(uploadId, partNumber));
  const isChecksumRight =
    checksum === undefined ||
    (stored &&
      (stored.checksum?.algorithm !== checksum.algorithm ||
        stored.checksum.value === checksum.value));
  if (stored && stored.etag === etag && isChecksumRight) return stored;
  const fields = { UploadId: uploadId, PartNumber: String(partNumber), ETag: etag };
  throw new S3Error("InvalidPart", { fields });
}

function entityTooSmall({ partNumber, etag, sizeBytes }: ChosenPart, minimum: number): S3Error {
  return new S3Error("EntityTooSmall", {
    fields: {
      ETag: etag,
      MinSizeAllowed: String(minimum),
      ProposedSize: String(sizeBytes),
      PartNumber: String(partNumber),
    },
  });
}

function completedRecord(
  upload: UploadRecord,
  parts: readonly ChosenPart[],
  options: CompleteOptions,
  lastModified: number,
): ObjectRecord {
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  if (sizeBytes > MAX_OBJECT_SIZE_BYTES) throw new S3Error("EntityTooLarge");
  if (options.sizeBytes !== undefined && options.sizeBytes !== sizeBytes) {
    const message = `The provided 'x-amz-mp-object-size' header value ${options.sizeBytes} does not match what was computed: ${sizeBytes}`;
    throw new S3Error("InvalidRequest", { message });
  }
  const checksum = completedChecksum(upload, parts, options);
  return {
    ...upload.attributes,
    sizeBytes,
    etag: multipartEtag(parts.map(({ etag }) => etag)),
    lastModified,
    ...(checksum && { checksum }),
    // Unique, and free: the upload is no more.
    contentId: upload.uploadId,
    partCount: parts.length,
  };
}

function replaceByObject(
  tables: Tables,
  row: Buffer,
  objectAt: Buffer,
  upload: UploadRecord,
  record: ObjectRecord,
  parts: readonly ChosenPart[],
  named: readonly CompletedPart[],
): { result: ObjectInfo; released: Released[] } {
  const { key, uploadId } = upload;
  const released = putObject(tables, objectAt, record, manifestOf(parts));
  const kept = new Set(parts.map(({ contentId }) => contentId));
  released.push(...removeUpload(tables, row, uploadId, (contentId) => kept.has(contentId)));
  const result = objectInfo(key, record);
  tables.completions.putSync(idRow(uploadId), {
    bucketNumber: objectAt.readUInt32BE(),
    completedAt: record.lastModified,
    partsDigest: digestOf(named),
    result,
  });
  return { result, released };
}

function manifestOf(parts: readonly ChosenPart[]): ManifestRecord {
  return {
    partNumbers: parts.map(({ partNumber }) => partNumber),
    contentIds: parts.map(({ contentId }) => contentId),
    sizesBytes: parts.map(({ sizeBytes }) => sizeBytes),
    checksums: parts.flatMap(({ checksum }) => (checksum ? [checksum.value] : [])),
  };
}

/** What a completion answered before, if this one is the same: clients repeat it when the answer got lost. */
function repeatedResult(
  tables: Tables,
  bucket: string,
  key: string,
  uploadId: string,
  parts: readonly CompletedPart[],
): ObjectInfo | undefined {
  const { bucketNumber } = requireBucket(tables, bucket);
  if (!isUploadId(uploadId)) throw noSuchUpload(uploadId);
  const before = tables.completions.get(idRow(uploadId));
  const isSame =
    before?.bucketNumber === bucketNumber &&
    before.result.key === key &&
    before.partsDigest === digestOf(parts);
  return isSame ? before.result : undefined;
}

function digestOf(parts: readonly CompletedPart[]): string {
  const list = parts.map(({ partNumber, etag }) => `${partNumber}:${etag}`);
  return createHash("sha256").update(list.join()).digest("hex");
}
