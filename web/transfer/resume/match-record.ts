import type { UploadRecord } from "./upload-record.ts";

/** A file as it was chosen now, and where it lay: folder path and name, `/`-separated. */
export type FileInPlace = Pick<File, "name" | "size" | "lastModified"> & {
  readonly relativePath: string;
};

/**
 * Finds the record that a file continues: of the same name, place, size and date; of several the one
 * written last. The bytes are proved later, before any is left out (`proveSameFile`).
 */
export function matchRecord(
  file: FileInPlace,
  records: Iterable<UploadRecord>,
): UploadRecord | null {
  let newest: UploadRecord | null = null;
  for (const record of records) {
    if (!isOf(file, record)) continue;
    if (!newest || record.updatedAt > newest.updatedAt) newest = record;
  }
  return newest;
}

function isOf(file: FileInPlace, record: UploadRecord): boolean {
  return (
    file.size === record.sizeBytes &&
    file.lastModified === record.lastModified &&
    file.name === record.name &&
    file.relativePath === record.relativePath
  );
}
