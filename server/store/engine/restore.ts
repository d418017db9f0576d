import { requireBucket } from "./buckets.ts";
import type { ObjectRecord } from "../catalogue/records.ts";
import { keyBytes, objectRow } from "../catalogue/row-key.ts";
import type { EngineContext } from "./context.ts";
import type { ObjectInfo, RestoreOptions } from "../engine.ts";
import { dueAfterDays } from "./lifecycle.ts";
import { requireObject } from "./require-object.ts";
import { S3Error } from "../s3-error.ts";

/**
 * Classes of which nothing can be read before it was restored. Here the bytes lie on the same disk as all
 * others: what S3 refuses is refused, so that whoever will meet it there meets it here.
 */
const ARCHIVE_CLASSES: ReadonlySet<string> = new Set(["GLACIER", "DEEP_ARCHIVE"]);

/** What became of a copy that was asked for; `undefined` where there is none, or none any more. */
export function restoreAt({ restore }: ObjectRecord, now: number): ObjectInfo["restore"] {
  if (!restore || now >= restore.expiresAt) return undefined;
  if (now < restore.readyAt) return { isOngoing: true };
  return { isOngoing: false, expiresAt: restore.expiresAt };
}

/** @throws InvalidObjectState where an object is archived and not restored */
export function requireReadable(record: ObjectRecord, now: number): void {
  const { storageClass } = record;
  if (!ARCHIVE_CLASSES.has(storageClass) || restoreAt(record, now)?.isOngoing === false) return;
  throw new S3Error("InvalidObjectState", { fields: { StorageClass: storageClass } });
}

/**
 * Asks for a copy of an archived object, which is there after a while and then for some days.
 * @throws NoSuchKey, InvalidObjectState, RestoreAlreadyInProgress, InvalidArgument
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
 */
export async function restoreObject(
  { catalogue, now, restoreMs }: EngineContext,
  bucket: string,
  key: string,
  options: RestoreOptions,
): Promise<"started" | "prolonged"> {
  const { tables } = catalogue;
  return catalogue.write(() => {
    const { record } = requireObject(tables, bucket, key);
    checkRestore(record, options);
    const state = restoreAt(record, now());
    if (state?.isOngoing) throw new S3Error("RestoreAlreadyInProgress");
    const readyAt = state ? now() : now() + restoreMs;
    const restore = { readyAt, expiresAt: dueAfterDays(readyAt, options.days) };
    const row = objectRow(requireBucket(tables, bucket).bucketNumber, keyBytes(key));
    tables.objects.putSync(row, { ...record, restore });
    return state ? "prolonged" : "started";
  });
}

function checkRestore({ storageClass }: ObjectRecord, { tier }: RestoreOptions): void {
  if (!ARCHIVE_CLASSES.has(storageClass)) {
    const message = "Restore is not allowed for the object's current storage class";
    throw new S3Error("InvalidObjectState", { message, fields: { StorageClass: storageClass } });
  }
  if (storageClass === "DEEP_ARCHIVE" && tier === "Expedited") {
    const message = "The Expedited tier is not available for the DEEP_ARCHIVE storage class";
    throw new S3Error("InvalidArgument", { message });
  }
}
