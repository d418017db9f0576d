import type { ByteRange } from "../../../shared/byte-range.ts";
import { MAX_PART_COUNT, MAX_PART_SIZE_BYTES } from "../../../shared/limits.ts";
import { putPart as putPartRow } from "../catalogue/ownership.ts";
import type { PartRecord, UploadRecord } from "../catalogue/records.ts";
import { checkCopySource } from "./conditions.ts";
import type { EngineContext } from "./context.ts";
import type { Body, BodyOptions, CopySource, PartInfo } from "../engine.ts";
import { objectInfo } from "./object-info.ts";
import { openObject } from "./open-object.ts";
import { releaseAll } from "./release.ts";
import { requireObject } from "./require-object.ts";
import { requireReadable } from "./restore.ts";
import { requireUpload } from "./require-upload.ts";
import { S3Error } from "../s3-error.ts";
import { withVerifiedBody } from "./verified-body.ts";

/** Names one part of one upload. */
export interface PartAddress {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  readonly partNumber: number;
}

/** Stores a part; one of the same number is replaced once the new one is on the disk. */
export async function putPart(
  context: EngineContext,
  address: PartAddress,
  body: Body,
  options: BodyOptions,
): Promise<PartInfo> {
  const { catalogue, files, now } = context;
  const { bucket, key, uploadId, partNumber } = address;
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > MAX_PART_COUNT) {
    const message = `Part number must be an integer between 1 and ${MAX_PART_COUNT}, inclusive`;
    throw new S3Error("InvalidArgument", {
      message,
      fields: { ArgumentName: "partNumber", ArgumentValue: String(partNumber) },
    });
  }
  const { upload } = requireUpload(catalogue.tables, bucket, key, uploadId);
  const checksum = partChecksum(upload, options);
  const bounded = { ...options, ...checksum, maxSizeBytes: MAX_PART_SIZE_BYTES };
  return withVerifiedBody(context, body, bounded, async (verified) => {
    const part: PartRecord = { ...verified, lastModified: now() };
    const released = await catalogue.write(() => {
      // It may have been aborted or completed while the bytes came in.
      requireUpload(catalogue.tables, bucket, key, uploadId);
      return putPartRow(catalogue.tables, uploadId, partNumber, part);
    });
    releaseAll(files, released);
    return partInfo(partNumber, part);
  });
}

/** Stores a range of an object as a part. */
export async function copyPart(
  context: EngineContext,
  source: CopySource & { readonly range?: ByteRange },
  address: PartAddress,
  signal?: AbortSignal,
): Promise<PartInfo> {
  const { tables } = context.catalogue;
  const { record } = requireObject(tables, source.bucket, source.key);
  requireReadable(record, context.now());
  checkCopySource(record, source.conditions);
  const range = source.range ?? { start: 0, end: record.sizeBytes };
  if (range.end > record.sizeBytes || range.start > range.end) {
    throw new S3Error("InvalidRange", { fields: { ActualObjectSize: String(record.sizeBytes) } });
  }
  const { upload } = requireUpload(tables, address.bucket, address.key, address.uploadId);
  const algorithm = upload.checksumAlgorithm;
  const opened = openObject(context, record, objectInfo(source.key, record));
  try {
    return await putPart(context, address, opened.read(range), {
      sizeBytes: range.end - range.start,
      ...(algorithm && { checksum: { algorithm } }),
      ...(signal && { signal }),
    });
  } finally {
    opened.close();
  }
}

/** A part's record as the engine gives it out. */
export function partInfo(partNumber: number, part: PartRecord): PartInfo {
  const { contentId: _, ...info } = part;
  return { partNumber, ...info };
}

/**
 * A composite checksum is made of those that the client sent with its parts; one of the full object can be
 * combined from what the store computes by itself.
 */
function partChecksum(
  { checksumAlgorithm: algorithm, checksumType }: UploadRecord,
  { checksum }: BodyOptions,
): Pick<BodyOptions, "checksum"> {
  if (algorithm === undefined || checksum?.algorithm === algorithm) return {};
  if (checksum === undefined && checksumType === "FULL_OBJECT") return { checksum: { algorithm } };
  const actual = checksum?.algorithm.toLowerCase() ?? "null";
  throw new S3Error("InvalidRequest", {
    message: `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${actual}`,
  });
}
