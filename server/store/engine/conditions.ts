import type { ReadConditions, WriteConditions } from "../engine.ts";
import { S3Error } from "../s3-error.ts";

/** What conditions are held against. */
export interface Existing {
  readonly etag: string;
  readonly lastModified: number;
}

/** Whether the write looks before its bytes arrive or as it commits: what changed in between is a conflict. */
export type WriteMoment = "before" | "commit";

/**
 * Holds a write against its conditions.
 * @throws PreconditionFailed; NoSuchKey for If-Match on nothing; ConditionalRequestConflict where the object vanished meanwhile
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWrite(
  existing: Existing | undefined,
  { ifMatch, ifNoneMatch }: WriteConditions = {},
  moment: WriteMoment,
): void {
  if (ifNoneMatch !== undefined && existing) throw failed("If-None-Match");
  if (ifMatch === undefined) return;
  if (!existing) {
    throw new S3Error(moment === "before" ? "NoSuchKey" : "ConditionalRequestConflict");
  }
  if (ifMatch !== "*" && ifMatch !== existing.etag) throw failed("If-Match");
}

/**
 * Holds the source of a copy against `x-amz-copy-source-if-*`: a tag decides over its date.
 * @throws PreconditionFailed
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export function checkCopySource(existing: Existing, conditions: ReadConditions = {}): void {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  const modifiedAt = toSeconds(existing.lastModified);
  if (ifMatch) {
    if (!names(ifMatch, existing.etag)) throw failed("x-amz-copy-source-If-Match");
  } else if (ifUnmodifiedSince !== undefined && modifiedAt > toSeconds(ifUnmodifiedSince)) {
    throw failed("x-amz-copy-source-If-Unmodified-Since");
  }
  if (ifNoneMatch) {
    if (names(ifNoneMatch, existing.etag)) throw failed("x-amz-copy-source-If-None-Match");
  } else if (ifModifiedSince !== undefined && modifiedAt <= toSeconds(ifModifiedSince)) {
    throw failed("x-amz-copy-source-If-Modified-Since");
  }
}

function names(etags: readonly string[], etag: string): boolean {
  return etags.includes("*") || etags.includes(etag);
}

/** HTTP dates have no fractions. */
function toSeconds(timeMs: number): number {
  return Math.floor(timeMs / 1000);
}

function failed(condition: string): S3Error {
  return new S3Error("PreconditionFailed", { fields: { Condition: condition } });
}
