import { requireBucket } from "./buckets.ts";
import type { Tables } from "../catalogue/catalogue.ts";
import type { BucketRecord, UploadRecord } from "../catalogue/records.ts";
import { keyBytes, uploadRow } from "../catalogue/row-key.ts";
import { randomBytes } from "node:crypto";
import { S3Error } from "../s3-error.ts";

const UPLOAD_ID = /^[0-9a-f]{32}$/;

/** An upload ID whose order is that of initiation: 48 bits of milliseconds, 80 of chance. */
export function newUploadId(nowMs: number): string {
  return nowMs.toString(16).padStart(12, "0") + randomBytes(10).toString("hex");
}

/** Whether `uploadId` could be one of ours. */
export function isUploadId(uploadId: string): boolean {
  return UPLOAD_ID.test(uploadId);
}

/** An upload with its row and bucket. @throws NoSuchBucket, NoSuchUpload */
export function requireUpload(
  tables: Tables,
  bucketName: string,
  key: string,
  uploadId: string,
): { bucket: BucketRecord; row: Buffer; upload: UploadRecord } {
  const bucket = requireBucket(tables, bucketName);
  if (!isUploadId(uploadId)) throw noSuchUpload(uploadId);
  const row = uploadRow(bucket.bucketNumber, keyBytes(key), uploadId);
  const upload = tables.uploads.get(row);
  if (!upload) throw noSuchUpload(uploadId);
  return { bucket, row, upload };
}

/** The error for an upload that is not, or no longer, there. */
export function noSuchUpload(uploadId: string): S3Error {
  return new S3Error("NoSuchUpload", { fields: { UploadId: uploadId } });
}
