import { MAX_SINGLE_PUT_BYTES } from "../../../shared/limits.ts";
import { storedAttributes } from "./attributes.ts";
import { requireBucket } from "./buckets.ts";
import { putObject } from "../catalogue/ownership.ts";
import type { ObjectRecord, StoredAttributes } from "../catalogue/records.ts";
import { keyBytes, objectRow } from "../catalogue/row-key.ts";
import { checkCopySource, checkWrite } from "./conditions.ts";
import type { EngineContext } from "./context.ts";
import type { CopyOptions, CopySource, ObjectInfo } from "../engine.ts";
import { objectInfo } from "./object-info.ts";
import { openObject } from "./open-object.ts";
import { releaseAll } from "./release.ts";
import { requireObject } from "./require-object.ts";
import { requireReadable } from "./restore.ts";
import { S3Error } from "../s3-error.ts";
import { withVerifiedBody } from "./verified-body.ts";

/**
 * Copies an object. The bytes are read and hashed again, because the copy of a multipart object has the
 * ETag of one piece; an object copied onto itself keeps its bytes and takes new attributes.
 * @throws NoSuchBucket, NoSuchKey, InvalidObjectState, PreconditionFailed, InvalidRequest, and what writing throws
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export async function copyObject(
  context: EngineContext,
  source: CopySource,
  bucket: string,
  key: string,
  options: CopyOptions,
): Promise<ObjectInfo> {
  const { tables } = context.catalogue;
  const { record } = requireObject(tables, source.bucket, source.key);
  requireReadable(record, context.now());
  checkCopySource(record, source.conditions);
  const attributes = copiedAttributes(record, options);
  const isOntoItself = source.bucket === bucket && source.key === key;
  if (isOntoItself) return replaceAttributes(context, bucket, key, record, attributes, options);
  if (record.sizeBytes > MAX_SINGLE_PUT_BYTES) {
    const message = "The specified copy source is larger than the maximum allowable size: 5 GiB";
    throw new S3Error("InvalidRequest", { message });
  }
  const row = objectRow(requireBucket(tables, bucket).bucketNumber, keyBytes(key));
  checkWrite(tables.objects.get(row), options.conditions, "before");
  return copyBytes(context, record, bucket, key, attributes, options);
}

async function copyBytes(
  context: EngineContext,
  source: ObjectRecord,
  bucket: string,
  key: string,
  attributes: StoredAttributes,
  { checksumAlgorithm, conditions, signal }: CopyOptions,
): Promise<ObjectInfo> {
  const { catalogue, files, now } = context;
  const algorithm = checksumAlgorithm ?? source.checksum?.algorithm;
  const body = openObject(context, source, objectInfo(key, source)).read();
  const options = {
    sizeBytes: source.sizeBytes,
    maxSizeBytes: MAX_SINGLE_PUT_BYTES,
    ...(algorithm && { checksum: { algorithm } }),
    ...(signal && { signal }),
  };
  return withVerifiedBody(context, body, options, async (verified) => {
    const { contentId, sizeBytes, etag, checksum } = verified;
    const record: ObjectRecord = {
      ...attributes,
      contentId,
      sizeBytes,
      etag,
      checksum: { ...checksum, type: "FULL_OBJECT" },
      lastModified: now(),
    };
    const released = await catalogue.write(() => {
      const { bucketNumber } = requireBucket(catalogue.tables, bucket);
      const row = objectRow(bucketNumber, keyBytes(key));
      checkWrite(catalogue.tables.objects.get(row), conditions, "commit");
      return putObject(catalogue.tables, row, record);
    });
    releaseAll(files, released);
    return objectInfo(key, record);
  });
}

async function replaceAttributes(
  { catalogue, now }: EngineContext,
  bucket: string,
  key: string,
  source: ObjectRecord,
  attributes: StoredAttributes,
  options: CopyOptions,
): Promise<ObjectInfo> {
  const isChange =
    options.replaceMetadata || options.tags || attributes.storageClass !== source.storageClass;
  if (!isChange) {
    const message =
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
    throw new S3Error("InvalidRequest", { message });
  }
  const { tables } = catalogue;
  return catalogue.write(() => {
    const { record } = requireObject(tables, bucket, key);
    if (record.contentId !== source.contentId) throw new S3Error("ConditionalRequestConflict");
    checkWrite(record, options.conditions, "commit");
    const { restore: _, ...kept } = record;
    const replaced = { ...kept, ...attributes, lastModified: now() };
    const row = objectRow(requireBucket(tables, bucket).bucketNumber, keyBytes(key));
    tables.objects.putSync(row, replaced);
    return objectInfo(key, replaced);
  });
}

function copiedAttributes(source: ObjectRecord, options: CopyOptions): StoredAttributes {
  const { replaceMetadata, headers, metadata, storageClass, tags } = options;
  return storedAttributes({
    headers: replaceMetadata ? (headers ?? {}) : source.headers,
    metadata: replaceMetadata ? (metadata ?? {}) : source.metadata,
    // S3 takes STANDARD where the request names no class, whatever the source has.
    storageClass: storageClass ?? "STANDARD",
    tags: tags ?? source.tags,
  });
}
