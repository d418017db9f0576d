import { TransferError } from "../problem.ts";
import { checkFile } from "../source/file-check.ts";
import type { RecordedAlgorithm, RecordedPart, UploadRecord } from "./upload-record.ts";

/**
 * Bytes that are read again for the proof, unless the first and last part alone are larger. It has to
 * stop a person who chose the wrong file before hours of uploading; a forged middle is stopped by
 * the checksum of the whole object, which is compared at completion. Half a second buys the first,
 * reading all of a terabyte again would buy little more.
 */
const PROOF_BYTES = 256 * 1024 * 1024;

/** A part whose bytes can be held against something. */
export type HeldPart = RecordedPart & { readonly checksum: string };

/**
 * The checksum of all bytes of `blob`, in base64 as S3 writes it.
 * @throws the signal's reason when it is aborted; whatever reading the blob throws
 */
export type HashBlob = (
  blob: Blob,
  algorithm: RecordedAlgorithm,
  signal: AbortSignal,
) => Promise<string>;

/**
 * Proves that a file is the one that a record speaks of: by size and date, then by the checksums of
 * parts that the storage holds already. Where none were made, size and date have to do.
 * @returns `file-changed` or `file-unreadable`, or null where nothing speaks against it
 * @throws the signal's reason; what `hash` throws although the file can be read
 */
export async function proveSameFile(
  file: File,
  record: UploadRecord,
  hash: HashBlob,
  signal: AbortSignal,
): Promise<TransferError | null> {
  signal.throwIfAborted();
  const failure = await checkFile(file, record, 0);
  const { checksumAlgorithm } = record;
  if (failure || checksumAlgorithm === null) return failure;
  for (const part of partsToProve(record.parts.filter(isHeld), PROOF_BYTES)) {
    const difference = await provePart(file, record, part, (bytes) =>
      hash(bytes, checksumAlgorithm, signal),
    );
    if (difference) return difference;
  }
  return null;
}

/**
 * Chooses parts for the proof, in order: the first and the last, and others spread evenly over the
 * rest, of `budgetBytes` in all unless first and last alone exceed it.
 */
export function partsToProve(parts: readonly HeldPart[], budgetBytes: number): HeldPart[] {
  const first = parts[0];
  const last = parts.at(-1);
  if (!first || !last || first === last) return [...parts];
  const between = parts.slice(1, -1);
  const leftBytes = budgetBytes - lengthOf(first) - lengthOf(last);
  const largestBytes = Math.max(1, ...between.map(lengthOf));
  const count = Math.max(0, Math.min(between.length, Math.floor(leftBytes / largestBytes)));
  const spread = Array.from({ length: count }, (_, index) =>
    // The middle of each of `count` equal stretches.
    between.at(Math.floor(((index + 0.5) * between.length) / count)),
  );
  return [first, ...spread.filter((part) => part !== undefined), last];
}

async function provePart(
  file: File,
  record: UploadRecord,
  part: HeldPart,
  hash: (bytes: Blob) => Promise<string>,
): Promise<TransferError | null> {
  try {
    if ((await hash(file.slice(part.start, part.end))) === part.checksum) return null;
  } catch (error) {
    const failure = await checkFile(file, record, part.start);
    if (failure) return failure;
    throw error;
  }
  const detail = `"${file.name}" is not the file that was being uploaded: part ${part.partNumber} differs`;
  return new TransferError("file-changed", "permanent", detail);
}

function isHeld(part: RecordedPart): part is HeldPart {
  return part.etag !== null && part.checksum !== null;
}

function lengthOf({ start, end }: RecordedPart): number {
  return end - start;
}
