import type { ObjectRecord } from "../catalogue/records.ts";
import type { LifecycleRule, ListedObject, ObjectInfo } from "../engine.ts";
import { expirationOf } from "./lifecycle.ts";
import { restoreAt } from "./restore.ts";

/** An object's record as the engine gives it out. */
export function objectInfo(key: string, record: ObjectRecord): ObjectInfo {
  const { contentId: _, restore: __, ...info } = record;
  return { key, ...info };
}

/** The same as of a moment: when a lifecycle rule will delete it, and whether it is restored. */
export function objectInfoAt(
  key: string,
  record: ObjectRecord,
  rules: readonly LifecycleRule[],
  now: number,
): ObjectInfo {
  const expiration = expirationOf(rules, { ...record, key });
  const restore = restoreAt(record, now);
  return {
    ...objectInfo(key, record),
    ...(expiration && { expiration }),
    ...(restore && { restore }),
  };
}

/** An object's record as listings give it out. */
export function listedObject(key: string, record: ObjectRecord): ListedObject {
  const { sizeBytes, etag, lastModified, storageClass, checksum } = record;
  return { key, sizeBytes, etag, lastModified, storageClass, ...(checksum && { checksum }) };
}
