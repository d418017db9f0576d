import type { ObjectRecord } from "../catalogue/records.ts";
import type { LifecycleRule, ListedObject, ObjectInfo } from "../engine.ts";
import { expirationOf } from "./lifecycle.ts";

/** An object's record as the engine gives it out. */
export function objectInfo(key: string, record: ObjectRecord): ObjectInfo {
  const { contentId: _, ...info } = record;
  return { key, ...info };
}

/** The same with the time at which a lifecycle rule will delete it. */
export function objectInfoWithExpiration(
  key: string,
  record: ObjectRecord,
  rules: readonly LifecycleRule[],
): ObjectInfo {
  const expiration = expirationOf(rules, { ...record, key });
  return { ...objectInfo(key, record), ...(expiration && { expiration }) };
}

/** An object's record as listings give it out. */
export function listedObject(key: string, record: ObjectRecord): ListedObject {
  const { sizeBytes, etag, lastModified, storageClass, checksum } = record;
  return { key, sizeBytes, etag, lastModified, storageClass, ...(checksum && { checksum }) };
}
