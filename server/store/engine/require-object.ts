import { requireBucket } from "./buckets.ts";
import type { Tables } from "../catalogue/catalogue.ts";
import type { ObjectRecord } from "../catalogue/records.ts";
import { keyBytes, objectRow } from "../catalogue/row-key.ts";
import type { LifecycleRule } from "../engine.ts";
import { S3Error } from "../s3-error.ts";

/** An object's record, and the lifecycle rules of its bucket. @throws NoSuchBucket, NoSuchKey, KeyTooLongError */
export function requireObject(
  tables: Tables,
  bucket: string,
  key: string,
): { record: ObjectRecord; rules: readonly LifecycleRule[] } {
  const { bucketNumber, documents } = requireBucket(tables, bucket);
  const record = tables.objects.get(objectRow(bucketNumber, keyBytes(key)));
  if (!record) throw new S3Error("NoSuchKey", { fields: { Key: key } });
  return { record, rules: documents.lifecycle ?? [] };
}
