import { TransferError } from "../problem.ts";

/** What was known of a file when it was chosen. */
export interface FileSnapshot {
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
}

/**
 * Finds out whether a file is still the one that was chosen, by reading one byte at `offset`:
 * XMLHttpRequest tells a file that cannot be read from a broken line by nothing.
 * @returns `file-changed` or `file-unreadable`, or null where it can be read
 */
export async function checkFile(
  file: File,
  snapshot: FileSnapshot,
  offset: number,
): Promise<TransferError | null> {
  if (file.size !== snapshot.sizeBytes || file.lastModified !== snapshot.lastModified) {
    return changed(file);
  }
  try {
    const bytes = await file.slice(offset, offset + 1).arrayBuffer();
    const expected = Math.min(1, Math.max(0, snapshot.sizeBytes - offset));
    return bytes.byteLength === expected ? null : changed(file);
  } catch (cause) {
    // Browsers raise NotReadableError when size or time on the disk are no longer those of the
    // choice, and NotFoundError when nothing is there.
    if (nameOf(cause) === "NotReadableError") return changed(file, cause);
    const detail = `"${file.name}" cannot be read: it was moved, deleted, or is a folder`;
    return new TransferError("file-unreadable", "permanent", detail, { cause });
  }
}

function changed(file: File, cause?: unknown): TransferError {
  const detail = `"${file.name}" was changed on the disk after it was chosen`;
  return new TransferError("file-changed", "permanent", detail, { cause });
}

function nameOf(cause: unknown): string {
  return cause instanceof Error || cause instanceof DOMException ? cause.name : "";
}
