import { MULTIPART_THRESHOLD_BYTES } from "../../../shared/part-plan.ts";
import type { FileInFolder } from "../../transfer/index.ts";

/**
 * A file with the handle by which it is found again after a reload, where it is worth one: only
 * what goes up in parts can go on, and keeping a handle costs calls to the browser's own process.
 */
export function withHandle(
  file: File,
  relativePath: string,
  handle: FileSystemFileHandle | null,
): FileInFolder {
  const isKept = handle !== null && file.size >= MULTIPART_THRESHOLD_BYTES;
  return { file, relativePath, ...(isKept && { handle }) };
}

/** Tells handles from other things that were picked or dropped. */
export function isFileHandle(item: File | FileSystemHandle | null): item is FileSystemFileHandle {
  return item !== null && "getFile" in item;
}
