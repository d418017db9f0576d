import type { ByteRange } from "../../../shared/byte-range.ts";
import { manifestOf } from "../catalogue/ownership.ts";
import type { ManifestRecord, ObjectRecord } from "../catalogue/records.ts";
import { pumpExtents, readExtents, type Extent } from "../content/read-extents.ts";
import type { EngineContext } from "./context.ts";
import type { ObjectInfo, OpenedObject } from "../engine.ts";

/** One piece of an object's bytes: a whole content file. */
interface Piece {
  readonly contentId: string;
  /** Within the object. */
  readonly range: ByteRange;
  readonly partNumber: number;
  readonly checksum?: string | undefined;
}

/** Holds an object open, to be read as it was at this moment. */
export function openObject(
  { catalogue, files }: EngineContext,
  record: ObjectRecord,
  info: ObjectInfo,
): OpenedObject {
  const manifest = manifestOf(catalogue.tables, record);
  const pieces = manifest ? piecesOf(manifest) : [wholeOf(record)];
  const close = files.pin(record.contentId);
  return {
    info,
    close,
    partRange: (partNumber) => pieces.find((piece) => piece.partNumber === partNumber)?.range,
    parts: () =>
      manifest
        ? pieces.map(({ partNumber, range, checksum }) => ({
            partNumber,
            sizeBytes: range.end - range.start,
            ...(checksum !== undefined && { checksum }),
          }))
        : [],
    read(range = { start: 0, end: record.sizeBytes }, signal) {
      return readExtents(extentsOf(pieces, range, files.pathOf), close, signal);
    },
    pump(take, range = { start: 0, end: record.sizeBytes }, signal) {
      return pumpExtents(extentsOf(pieces, range, files.pathOf), take, signal).finally(close);
    },
  };
}

function wholeOf({ contentId, sizeBytes }: ObjectRecord): Piece {
  return { contentId, range: { start: 0, end: sizeBytes }, partNumber: 1 };
}

function piecesOf({ partNumbers, contentIds, sizesBytes, checksums }: ManifestRecord): Piece[] {
  let start = 0;
  return contentIds.map((contentId, index) => {
    const end = start + (sizesBytes[index] ?? 0);
    const range = { start, end };
    start = end;
    return { contentId, range, partNumber: partNumbers[index] ?? 0, checksum: checksums[index] };
  });
}

/** The pieces of files that make up `range`. */
function extentsOf(
  pieces: readonly Piece[],
  range: ByteRange,
  pathOf: (id: string) => string,
): Extent[] {
  return pieces
    .filter((piece) => piece.range.end > range.start && piece.range.start < range.end)
    .map((piece) => ({
      path: pathOf(piece.contentId),
      range: {
        start: Math.max(range.start, piece.range.start) - piece.range.start,
        end: Math.min(range.end, piece.range.end) - piece.range.start,
      },
    }));
}
