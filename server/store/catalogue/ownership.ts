import type { Tables } from "./catalogue.ts";
import type { ManifestRecord, ObjectRecord, PartRecord } from "./records.ts";
import { idRow, partRow } from "./row-key.ts";

/** Content that the catalogue named until this transaction, and by whom it may still be read. */
export interface Released {
  readonly ownerId: string;
  readonly ids: readonly string[];
}

/** Writes an object's row, in a transaction; gives back what the object before it held. */
export function putObject(
  tables: Tables,
  row: Buffer,
  record: ObjectRecord,
  manifest?: ManifestRecord,
): Released[] {
  const released = removeObject(tables, row);
  tables.objects.putSync(row, record);
  if (manifest) tables.manifests.putSync(idRow(record.contentId), manifest);
  else tables.contents.putSync(idRow(record.contentId), 1);
  return released;
}

/** Removes an object's row, in a transaction; gives back what it held. */
export function removeObject(tables: Tables, row: Buffer): Released[] {
  const record = tables.objects.get(row);
  if (!record) return [];
  tables.objects.removeSync(row);
  const { contentId } = record;
  const manifest = manifestOf(tables, record);
  if (manifest) tables.manifests.removeSync(idRow(contentId));
  return [forget(tables, contentId, manifest?.contentIds ?? [contentId])];
}

/** The manifest of a multipart object; `undefined` for one put in one piece. */
export function manifestOf(tables: Tables, record: ObjectRecord): ManifestRecord | undefined {
  return record.partCount === undefined ? undefined : tables.manifests.get(idRow(record.contentId));
}

/** Writes a part's row, in a transaction; gives back what the part of that number held before. */
export function putPart(
  tables: Tables,
  uploadId: string,
  partNumber: number,
  part: PartRecord,
): Released[] {
  const row = partRow(uploadId, partNumber);
  const before = tables.parts.get(row);
  tables.parts.putSync(row, part);
  tables.contents.putSync(idRow(part.contentId), 1);
  return before ? [forget(tables, before.contentId, [before.contentId])] : [];
}

/** Removes an upload's row and those of its parts, in a transaction; gives back what `isKept` does not claim. */
export function removeUpload(
  tables: Tables,
  row: Buffer,
  uploadId: string,
  isKept: (contentId: string) => boolean = () => false,
): Released[] {
  tables.uploads.removeSync(row);
  const released: Released[] = [];
  const range = { start: partRow(uploadId, 0), end: partRow(uploadId, 0xffff) };
  for (const { key, value } of Array.from(tables.parts.getRange(range))) {
    tables.parts.removeSync(key);
    if (isKept(value.contentId)) continue;
    released.push(forget(tables, value.contentId, [value.contentId]));
  }
  return released;
}

function forget(tables: Tables, ownerId: string, ids: readonly string[]): Released {
  for (const id of ids) tables.contents.removeSync(idRow(id));
  return { ownerId, ids };
}
