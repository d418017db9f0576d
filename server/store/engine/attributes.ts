import { MAX_METADATA_BYTES } from "../../../shared/limits.ts";
import type { StoredAttributes } from "../catalogue/records.ts";
import type { ObjectAttributes, Tags } from "../engine.ts";
import { S3Error } from "../s3-error.ts";

/** Storage classes that S3 takes; they are recorded, and all mean this one disk. */
const STORAGE_CLASSES: ReadonlySet<string> = new Set([
  "STANDARD",
  "REDUCED_REDUNDANCY",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER",
  "DEEP_ARCHIVE",
  "GLACIER_IR",
]);

const MAX_OBJECT_TAGS = 10;
const MAX_BUCKET_TAGS = 50;
const MAX_TAG_KEY_LENGTH = 128;
const MAX_TAG_VALUE_LENGTH = 256;

/** Checks attributes and fills in defaults. @throws MetadataTooLarge, InvalidStorageClass, InvalidTag */
export function storedAttributes(attributes: ObjectAttributes = {}): StoredAttributes {
  const { headers = {}, metadata = {}, storageClass = "STANDARD", tags = {} } = attributes;
  if (!STORAGE_CLASSES.has(storageClass)) {
    throw new S3Error("InvalidStorageClass", { fields: { StorageClassRequested: storageClass } });
  }
  const sizeBytes = Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
  if (sizeBytes > MAX_METADATA_BYTES) {
    const fields = { Size: String(sizeBytes), MaxSizeAllowed: String(MAX_METADATA_BYTES) };
    throw new S3Error("MetadataTooLarge", { fields });
  }
  checkObjectTags(tags);
  return { headers, metadata, storageClass, tags };
}

/** @throws InvalidTag above 10 tags or S3's lengths */
export function checkObjectTags(tags: Tags): void {
  checkTags(tags, MAX_OBJECT_TAGS);
}

/** @throws InvalidTag above 50 tags or S3's lengths */
export function checkBucketTags(tags: Tags): void {
  checkTags(tags, MAX_BUCKET_TAGS);
}

function checkTags(tags: Tags, maxCount: number): void {
  const entries = Object.entries(tags);
  if (entries.length > maxCount) {
    throw new S3Error("InvalidTag", { message: `There may be at most ${maxCount} tags` });
  }
  for (const [key, value] of entries) {
    const isWrong =
      key.length < 1 || key.length > MAX_TAG_KEY_LENGTH || value.length > MAX_TAG_VALUE_LENGTH;
    if (isWrong) throw new S3Error("InvalidTag", { fields: { TagKey: key } });
  }
}
