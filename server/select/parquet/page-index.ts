import type { ByteRange } from "../../../shared/byte-range.ts";
import { damaged } from "./fault.ts";
import type { Bounds } from "./metadata.ts";
import { ThriftReader } from "./thrift.ts";

/** Where a page lies, in the object and among the rows of its group; ends are exclusive. */
export interface PagePlace {
  readonly offset: number;
  readonly endOffset: number;
  readonly firstRow: number;
  readonly endRow: number;
}

/**
 * Reads where the pages of a column lie.
 * @param chunk the range of the column, which they lie in
 * @throws SelectError `ParquetParsingError`
 * @see https://github.com/apache/parquet-format/blob/master/PageIndex.md
 */
export function readOffsetIndex(
  bytes: Uint8Array,
  chunk: ByteRange,
  rowCount: number,
): readonly PagePlace[] {
  const starts: { offset: number; endOffset: number; firstRow: number }[] = [];
  const reader = new ThriftReader(bytes);
  reader.eachField((id, type) => {
    if (id !== 1) return reader.skip(type);
    reader.eachItem(type, (each) => {
      const place = { offset: 0, endOffset: 0, firstRow: 0 };
      reader.structure(each, (part, partType) => {
        if (part === 1) place.offset = reader.integer(partType);
        else if (part === 2) place.endOffset = reader.integer(partType);
        else if (part === 3) place.firstRow = reader.integer(partType);
        else reader.skip(partType);
      });
      place.endOffset += place.offset;
      starts.push(place);
    });
  });
  const places = starts.map((start, index) => ({
    ...start,
    endRow: starts[index + 1]?.firstRow ?? rowCount,
  }));
  requireSound(places, chunk, rowCount);
  return places;
}

function requireSound(places: readonly PagePlace[], chunk: ByteRange, rowCount: number): void {
  let row = 0;
  let offset = chunk.start;
  for (const place of places) {
    const isSound =
      place.firstRow === row &&
      place.endRow >= place.firstRow &&
      place.offset >= offset &&
      place.endOffset >= place.offset &&
      place.endOffset <= chunk.end;
    if (!isSound) throw damaged("its page index does not fit its pages");
    row = place.endRow;
    offset = place.endOffset;
  }
  if (row !== rowCount) throw damaged("its page index does not fit its rows");
}

/** Bounds of the values of each page of a column. @throws SelectError `ParquetParsingError` */
export function readColumnIndex(bytes: Uint8Array): readonly PageBounds[] {
  const areNull: boolean[] = [];
  const mins: Uint8Array[] = [];
  const maxes: Uint8Array[] = [];
  const nullCounts: number[] = [];
  const reader = new ThriftReader(bytes);
  reader.eachField((id, type) => {
    if (id === 1) reader.eachItem(type, (each) => areNull.push(reader.boolean(each)));
    else if (id === 2) reader.eachItem(type, (each) => mins.push(reader.binary(each)));
    else if (id === 3) reader.eachItem(type, (each) => maxes.push(reader.binary(each)));
    else if (id === 5) reader.eachItem(type, (each) => nullCounts.push(reader.integer(each)));
    else reader.skip(type);
  });
  return areNull.map((isNull, index) => ({
    isNull,
    min: isNull ? null : (mins[index] ?? null),
    max: isNull ? null : (maxes[index] ?? null),
    nullCount: nullCounts[index] ?? null,
    isOrdered: true,
  }));
}

/** What is known of the values of a page. */
export interface PageBounds extends Bounds {
  /** All of them are NULL. */
  readonly isNull: boolean;
}
