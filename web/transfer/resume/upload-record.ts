import * as z from "zod/mini";
import { IfExists, KeyStrategy } from "../../../shared/api.ts";
import { MAX_OBJECT_SIZE_BYTES, MAX_PART_COUNT } from "../../../shared/limits.ts";

/** Upload IDs are signed for seven days, in milliseconds; a record is worth nothing after them. */
export const RECORD_LIFE_MS = 7 * 24 * 60 * 60 * 1000;

/** Algorithms that parts are checksummed by. */
const RecordedAlgorithm = z.enum(["CRC64NVME", "CRC32", "CRC32C", "SHA256"]);
export type RecordedAlgorithm = z.infer<typeof RecordedAlgorithm>;

/** A part that was given its range; the range is half-open. */
export interface RecordedPart {
  /** From 1. */
  readonly partNumber: number;
  readonly start: number;
  readonly end: number;
  /** As the storage answered it; `null` until it holds the part. */
  readonly etag: string | null;
  /** Ours, in base64 as S3 writes it; `null` where none was made. */
  readonly checksum: string | null;
}

/** How the file becomes an object, in case the storage forgets the upload and it has to begin anew. */
export interface RecordedOptions {
  readonly ifExists?: IfExists;
  readonly keyStrategy?: KeyStrategy;
  readonly storageClass?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly cacheControl?: string;
}

/** What has to be known to take one multipart upload up again; plain data. */
export interface UploadRecord {
  /** Random; names the record and its lock. */
  readonly recordId: string;
  /** The backend's signed statement of the upload; opaque, up to 12 KB. */
  readonly sessionId: string;
  readonly key: string;
  readonly name: string;
  /** Folder path and name, `/`-separated; equals `name` for a lone file. */
  readonly relativePath: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970, as `File.lastModified`. */
  readonly lastModified: number;
  readonly partSizes: "equal" | "free";
  readonly partSizeBytes: number;
  readonly checksumAlgorithm: RecordedAlgorithm | null;
  /** Every part that was given a range so far, in order of part numbers and so of ranges. */
  readonly parts: readonly RecordedPart[];
  readonly options: RecordedOptions;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly updatedAt: number;
}

const sizeBytes = z.int().check(z.gte(0), z.lte(MAX_OBJECT_SIZE_BYTES));
const millisecondsSince1970 = z.number().check(z.gte(0));
const path = z.string().check(z.maxLength(16_384));
const texts = z.record(z.string(), z.string());

const RecordedPart = z.object({
  partNumber: z.int().check(z.gte(1), z.lte(MAX_PART_COUNT)),
  start: sizeBytes,
  end: sizeBytes,
  etag: z.nullable(z.string().check(z.maxLength(1024))),
  checksum: z.nullable(z.string().check(z.maxLength(128))),
});

const UploadRecord = z
  .object({
    recordId: z.string().check(z.minLength(1), z.maxLength(128)),
    sessionId: z.string().check(z.minLength(1), z.maxLength(16_384)),
    key: z.string().check(z.maxLength(1024)),
    name: path,
    relativePath: path,
    contentType: z.string().check(z.maxLength(255)),
    sizeBytes,
    lastModified: z.number(),
    partSizes: z.enum(["equal", "free"]),
    partSizeBytes: sizeBytes,
    checksumAlgorithm: z.nullable(RecordedAlgorithm),
    parts: z.array(RecordedPart).check(z.maxLength(MAX_PART_COUNT)),
    options: z.object({
      ifExists: z.exactOptional(IfExists),
      keyStrategy: z.exactOptional(KeyStrategy),
      storageClass: z.exactOptional(z.string()),
      metadata: z.exactOptional(texts),
      tags: z.exactOptional(texts),
      cacheControl: z.exactOptional(z.string()),
    }),
    startedAt: millisecondsSince1970,
    updatedAt: millisecondsSince1970,
  })
  .check(z.refine(hasPartsInOrder, "parts overlap, lie outside the file, or are out of order"));

/** A record as it was read back from somewhere; null where it is none, or none that can be trusted. */
export function decodeRecord(value: unknown): UploadRecord | null {
  const decoded = UploadRecord.safeParse(value);
  return decoded.success ? decoded.data : null;
}

/** Whether the upload of a record is over at `now`, in milliseconds since 1970. */
export function hasEnded(record: UploadRecord, now: number): boolean {
  return now - record.startedAt > RECORD_LIFE_MS;
}

/** An object is its parts in order of their numbers: ranges that are not would spoil the file. */
function hasPartsInOrder(record: {
  readonly sizeBytes: number;
  readonly parts: readonly RecordedPart[];
}): boolean {
  let lastNumber = 0;
  let lastEnd = 0;
  for (const { partNumber, start, end } of record.parts) {
    if (partNumber <= lastNumber || start < lastEnd || end < start) return false;
    lastNumber = partNumber;
    lastEnd = end;
  }
  return lastEnd <= record.sizeBytes;
}
