import type { RecordedPart, UploadRecord } from "../../../../web/transfer/resume/upload-record.ts";

const MiB = 1024 * 1024;

/** Equal parts from the front of a file, all held by the storage. */
export function heldParts(count: number, partSizeBytes = 8 * MiB): RecordedPart[] {
  return Array.from({ length: count }, (_, partIndex) => ({
    partNumber: partIndex + 1,
    start: partIndex * partSizeBytes,
    end: (partIndex + 1) * partSizeBytes,
    etag: `"etag-${partIndex + 1}"`,
    checksum: "n2m5H9mQH4Y=",
  }));
}

/** A record of a file of 100 MiB with three parts held, unless told otherwise. */
export function recordOf(changes: Partial<UploadRecord> = {}): UploadRecord {
  return {
    recordId: "record-1",
    sessionId: "statement.of.the-backend",
    key: "album/film.mp4",
    name: "film.mp4",
    relativePath: "album/film.mp4",
    contentType: "video/mp4",
    sizeBytes: 100 * MiB,
    lastModified: 1_700_000_000_000,
    partSizes: "equal",
    partSizeBytes: 8 * MiB,
    checksumAlgorithm: "CRC64NVME",
    parts: heldParts(3),
    options: { ifExists: "rename", metadata: { author: "me" } },
    startedAt: 1_800_000_000_000,
    updatedAt: 1_800_000_001_000,
    ...changes,
  };
}
