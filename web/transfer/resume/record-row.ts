import { decodeRecord, type RecordedPart, type UploadRecord } from "./upload-record.ts";

/** Changes with the shape of rows; rows of another version are thrown away. */
const ROW_VERSION = 1;

/** Parts to a page. */
const PAGE_PARTS = 256;

/**
 * A record as it lies on the disk. Its parts lie beside it as pages of text: of 10,000 parts, a save
 * writes the 30 KB in which something changed instead of a megabyte every second, and texts that
 * were written before are told from others by comparing them.
 */
export interface RecordRow extends Omit<UploadRecord, "parts"> {
  readonly version: number;
  readonly pageCount: number;
}

/** What to write for a record: its row, and its pages in order. */
export function encodeRecord({ parts, ...rest }: UploadRecord): {
  readonly row: RecordRow;
  readonly pages: readonly string[];
} {
  const pageCount = Math.ceil(parts.length / PAGE_PARTS);
  const pages = Array.from({ length: pageCount }, (_, index) =>
    JSON.stringify(parts.slice(index * PAGE_PARTS, (index + 1) * PAGE_PARTS).map(plainPart)),
  );
  return { row: { ...rest, version: ROW_VERSION, pageCount }, pages };
}

/** The record of a row and its pages; null where they are broken, foreign or of another version. */
export function decodeRow(row: unknown, pages: readonly unknown[]): UploadRecord | null {
  if (typeof row !== "object" || row === null) return null;
  const { version, pageCount, ...rest }: Partial<Record<string, unknown>> = { ...row };
  if (version !== ROW_VERSION || pageCount !== pages.length) return null;
  return decodeRecord({ ...rest, parts: pages.flatMap(decodePage) });
}

/** In one order of properties, whoever made the part: pages are compared as text. */
function plainPart({ partNumber, start, end, etag, checksum }: RecordedPart): RecordedPart {
  return { partNumber, start, end, etag, checksum };
}

/** Entries that nobody has checked yet; what is no page is an entry that no check lets through. */
function decodePage(page: unknown): unknown[] {
  if (typeof page !== "string") return [page];
  try {
    const parts: unknown = JSON.parse(page);
    return Array.isArray(parts) ? parts : [parts];
  } catch {
    return [page];
  }
}
