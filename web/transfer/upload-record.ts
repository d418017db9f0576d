import type { OpenOptions } from "./backend/opener.ts";
import type { RecordedOptions, UploadRecord } from "./resume/index.ts";
import type { Session } from "./session.ts";
import type { Upload } from "./upload.ts";

/**
 * What has to be remembered of an upload so that another visit can go on with it.
 * @param now milliseconds since 1970
 */
export function recordOf(
  { added, algorithm }: Pick<Upload, "added" | "algorithm">,
  { id, key, cut, parts }: Session,
  { recordId, startedAt }: { readonly recordId: string; readonly startedAt: number },
  now: number,
): UploadRecord {
  const { name, relativePath, contentType, lastModified, source } = added;
  const held = new Map(parts.held.map((part) => [part.partNumber, part]));
  return {
    recordId,
    sessionId: id,
    key,
    name,
    relativePath,
    contentType,
    sizeBytes: source.sizeBytes,
    lastModified: lastModified ?? 0,
    partSizes: cut.kind === "equal" ? "equal" : "free",
    partSizeBytes: cut.kind === "equal" ? cut.partSizeBytes : 0,
    checksumAlgorithm: algorithm,
    parts: parts.ranges.map(({ partNumber, start, end }) => ({
      partNumber,
      start,
      end,
      etag: held.get(partNumber)?.etag ?? null,
      checksum: held.get(partNumber)?.checksum ?? null,
    })),
    options: recordedOptions(added.options),
    startedAt,
    updatedAt: now,
  };
}

/** What the object is made with, in case it has to begin anew. */
function recordedOptions(options: OpenOptions): RecordedOptions {
  const { ifExists, keyStrategy, storageClass, metadata, tags, cacheControl } = options;
  return {
    ...(ifExists !== undefined && { ifExists }),
    ...(keyStrategy !== undefined && { keyStrategy }),
    ...(storageClass !== undefined && { storageClass }),
    ...(metadata !== undefined && { metadata }),
    ...(tags !== undefined && { tags }),
    ...(cacheControl !== undefined && { cacheControl }),
  };
}
