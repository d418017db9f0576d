import {
  MAX_METADATA_BYTES,
  MAX_OBJECT_TAGS,
  MAX_TAG_KEY_LENGTH,
  MAX_TAG_VALUE_LENGTH,
} from "../../../shared/limits.ts";
import { STORAGE_CLASSES } from "../../../shared/storage-class.ts";
import type { StoredAttributes } from "../catalogue/records.ts";
import type { ObjectAttributes, Tags } from "../engine.ts";
import { S3Error } from "../s3-error.ts";

/** Storage classes that S3 takes; they are recorded, and all mean this one disk. */
const KNOWN_CLASSES: ReadonlySet<string> = new Set([...STORAGE_CLASSES, "REDUCED_REDUNDANCY"]);

const MAX_BUCKET_TAGS = 50;

/** Checks attributes and fills in defaults. @throws MetadataTooLarge, InvalidStorageClass, InvalidTag */
export function storedAttributes(attributes: ObjectAttributes = {}): StoredAttributes {
  const { headers = {}, metadata = {}, storageClass = "STANDARD", tags = {} } = attributes;
  if (!KNOWN_CLASSES.has(storageClass)) {
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
