import type {
  HeldPartsResponse,
  IncompleteUpload,
  Liveness,
  UploadAddress,
  UploadToAbort,
} from "../../../../shared/admin-api.ts";

/** In the order of how much is to lose. */
export const LIVENESS: readonly Liveness[] = ["uploading", "paused", "abandoned", "unknown"];

/** What became of an upload since it was listed. */
export type RowEnd = "gone" | "aborted" | "completed";

/**
 * Incomplete uploads by columns, in the order of their keys: a row is an index into all of them. Plain lists of
 * numbers are kept without boxes, so that 100,000 rows are some 20 MB. What is not known is NaN or `undefined`;
 * times are milliseconds since 1970.
 */
export interface UploadTable {
  readonly keys: string[];
  readonly uploadIds: string[];
  readonly initiatedAtMs: number[];
  /** When a lifecycle rule ends it; NaN: none does. */
  readonly abortsAtMs: number[];
  readonly heardAtMs: number[];
  /** Indices into `LIVENESS`. */
  readonly liveness: number[];
  readonly fileSizeBytes: number[];
  /** NaN until it was measured, as the two below. */
  readonly heldBytes: number[];
  readonly partCounts: number[];
  readonly lastPartAtMs: number[];
  readonly storageClasses: string[];
  readonly initiators: (string | undefined)[];
  readonly owners: (string | undefined)[];
  readonly fileNames: (string | undefined)[];
  /** Rows that are no incomplete uploads any more. */
  readonly ends: Map<number, RowEnd>;
  /** One text of each, however many rows have it. */
  readonly texts: Map<string, string>;
}

/** A table without rows. */
export function createUploadTable(): UploadTable {
  return {
    keys: [],
    uploadIds: [],
    initiatedAtMs: [],
    abortsAtMs: [],
    heardAtMs: [],
    liveness: [],
    fileSizeBytes: [],
    heldBytes: [],
    partCounts: [],
    lastPartAtMs: [],
    storageClasses: [],
    initiators: [],
    owners: [],
    fileNames: [],
    ends: new Map(),
    texts: new Map(),
  };
}

/** Adds a page of the list at the end. */
export function addUploads(table: UploadTable, uploads: readonly IncompleteUpload[]): void {
  for (const upload of uploads) {
    table.keys.push(upload.key);
    table.uploadIds.push(upload.uploadId);
    table.initiatedAtMs.push(Date.parse(upload.initiatedAt));
    table.abortsAtMs.push(timeOf(upload.abortsAt));
    table.heardAtMs.push(timeOf(upload.heardAt));
    table.liveness.push(LIVENESS.indexOf(upload.liveness));
    table.fileSizeBytes.push(upload.fileSizeBytes ?? Number.NaN);
    table.heldBytes.push(upload.sizeBytes ?? Number.NaN);
    table.partCounts.push(upload.partCount ?? Number.NaN);
    table.lastPartAtMs.push(timeOf(upload.lastPartAt));
    table.storageClasses.push(shared(table, upload.storageClass));
    table.initiators.push(sharedOf(table, upload.initiator));
    table.owners.push(sharedOf(table, upload.owner));
    table.fileNames.push(undefined);
  }
}

/** Writes what the storage holds of an upload, and what the register says of it, into its row. */
export function setHeld(table: UploadTable, row: number, held: HeldPartsResponse): void {
  table.heldBytes[row] = held.sizeBytes;
  table.partCounts[row] = held.partCount;
  table.lastPartAtMs[row] = timeOf(held.lastPartAt ?? undefined);
  if (held.abortsAt !== undefined) table.abortsAtMs[row] = timeOf(held.abortsAt);
  if (held.owner !== undefined) table.owners[row] = shared(table, held.owner);
  if (held.fileName !== undefined) table.fileNames[row] = held.fileName;
  if (held.fileSizeBytes !== undefined) table.fileSizeBytes[row] = held.fileSizeBytes;
}

/** Marks an upload as being sent, as the server has just found out. */
export function setUploading(table: UploadTable, row: number): void {
  table.liveness[row] = LIVENESS.indexOf("uploading");
}

/** Whether its bytes and parts are known. */
export function isMeasured(table: UploadTable, row: number): boolean {
  return !Number.isNaN(table.heldBytes[row] ?? Number.NaN);
}

/** The life of a row, as it was listed. */
export function livenessOf(table: UploadTable, row: number): Liveness {
  return LIVENESS[table.liveness[row] ?? -1] ?? "unknown";
}

/** How many uploads turned out to be gone, by somebody else's doing. */
export function countGone({ ends }: UploadTable): number {
  let count = 0;
  for (const end of ends.values()) if (end === "gone") count += 1;
  return count;
}

/** How requests name a row. */
export function addressOf(table: UploadTable, row: number): UploadAddress {
  return { key: table.keys[row] ?? "", uploadId: table.uploadIds[row] ?? "" };
}

/** How a row is named in a request to abort it. */
export function toAbort(table: UploadTable, row: number): UploadToAbort {
  const initiatedAt = new Date(table.initiatedAtMs[row] ?? 0).toISOString();
  return { ...addressOf(table, row), initiatedAt };
}

function timeOf(timestamp: string | undefined): number {
  return timestamp === undefined ? Number.NaN : Date.parse(timestamp);
}

function sharedOf(table: UploadTable, text: string | undefined): string | undefined {
  return text === undefined ? undefined : shared(table, text);
}

function shared({ texts }: UploadTable, text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  texts.set(text, text);
  return text;
}
