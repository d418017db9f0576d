import type { ByteRange } from "../../../shared/byte-range.ts";
import { damaged } from "./fault.ts";
import { readSchemaElement, type SchemaElement } from "./schema-element.ts";
import { ThriftReader } from "./thrift.ts";

/** What the footer says; row groups stay as they are written until they are come to. */
export interface FileMetadata {
  readonly bytes: Uint8Array;
  readonly schema: readonly SchemaElement[];
  /** Where in the bytes each row group is described. */
  readonly rowGroupOffsets: readonly number[];
}

/** How the pages of a column are compressed, in the order of the numbers in the file. */
const CODECS = [
  "UNCOMPRESSED",
  "SNAPPY",
  "GZIP",
  "LZO",
  "BROTLI",
  "LZ4",
  "ZSTD",
  "LZ4_RAW",
] as const;
export type Codec = (typeof CODECS)[number] | "unknown";

/** Bounds of values as PLAIN writes them; null where they are not known. */
export interface Bounds {
  readonly min: Uint8Array | null;
  readonly max: Uint8Array | null;
  readonly nullCount: number | null;
  /** By the newer fields, whose order of texts is that of their bytes. */
  readonly isOrdered: boolean;
}

/** The values of one column in one row group. */
export interface ColumnChunk {
  readonly range: ByteRange;
  readonly codec: Codec;
  /** NULLs included; of nested columns more than there are rows. */
  readonly valueCount: number;
  readonly bounds: Bounds;
  readonly offsetIndex: ByteRange | null;
  readonly columnIndex: ByteRange | null;
}

/** Rows that lie together, column by column. */
export interface RowGroup {
  readonly rowCount: number;
  /** Before compression, all columns. */
  readonly totalBytes: number;
  /** Of its first byte. */
  readonly offset: number;
  /** By the place of the column; only those that were asked for. */
  readonly chunks: ReadonlyMap<number, ColumnChunk>;
  readonly columnCount: number;
}

/** @throws SelectError `ParquetParsingError` @see https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift */
export function readFileMetadata(bytes: Uint8Array): FileMetadata {
  const schema: SchemaElement[] = [];
  const rowGroupOffsets: number[] = [];
  const reader = new ThriftReader(bytes);
  reader.eachField((id, type) => {
    if (id === 2) reader.eachItem(type, (each) => schema.push(readSchemaElement(reader, each)));
    else if (id === 4) {
      reader.eachItem(type, (each) => {
        rowGroupOffsets.push(reader.at);
        reader.skip(each);
      });
    } else reader.skip(type);
  });
  return { bytes, schema, rowGroupOffsets };
}

/**
 * Reads what the footer says of a row group.
 * @param isWanted whether a column matters, by its place
 * @param sizeBytes of the object, which nothing may lie beyond
 * @throws SelectError `ParquetParsingError`
 */
export function readRowGroup(
  { bytes }: FileMetadata,
  offset: number,
  isWanted: (index: number) => boolean,
  sizeBytes: number,
): RowGroup {
  const chunks = new Map<number, ColumnChunk>();
  const numbers = { rowCount: 0, totalBytes: 0, columnCount: 0, offset: 0 };
  let leastValues = Infinity;
  const reader = new ThriftReader(bytes, offset);
  reader.eachField((id, type) => {
    if (id === 2) numbers.totalBytes = reader.integer(type);
    else if (id === 3) numbers.rowCount = reader.integer(type);
    else if (id === 1) {
      reader.eachItem(type, (each, index) => {
        numbers.columnCount = index + 1;
        if (index > 0 && !isWanted(index)) return reader.skip(each);
        const chunk = readColumnChunk(reader, each, sizeBytes);
        if (index === 0) numbers.offset = chunk.range.start;
        leastValues = Math.min(leastValues, chunk.valueCount);
        if (isWanted(index)) chunks.set(index, chunk);
      });
    } else reader.skip(type);
  });
  requireCount(numbers.rowCount);
  // Each row has a value in each column, were it NULL: rows that nothing stands for are made up.
  if (leastValues < numbers.rowCount) throw damaged("a row group has more rows than values");
  return { ...numbers, chunks };
}

/** Larger page indexes cost more than they spare, in bytes; they are done without. */
const MAX_INDEX_BYTES = 4 * 1024 * 1024;

interface IndexPlaces {
  offsetStart: number;
  offsetLength: number;
  columnStart: number;
  columnLength: number;
}

function readColumnChunk(reader: ThriftReader, fieldType: number, sizeBytes: number): ColumnChunk {
  let inner: Omit<ColumnChunk, "offsetIndex" | "columnIndex"> | null = null;
  const places: IndexPlaces = { offsetStart: 0, offsetLength: 0, columnStart: 0, columnLength: 0 };
  reader.structure(fieldType, (id, type) => {
    if (id === 1) throw damaged("a column lies in another file");
    else if (id === 3) inner = readColumnMetadata(reader, type, sizeBytes);
    else if (id === 4) places.offsetStart = reader.integer(type);
    else if (id === 5) places.offsetLength = reader.integer(type);
    else if (id === 6) places.columnStart = reader.integer(type);
    else if (id === 7) places.columnLength = reader.integer(type);
    else if (id === 8 || id === 9) throw damaged("a column is encrypted");
    else reader.skip(type);
  });
  if (inner === null) throw damaged("a column has no description");
  const within = (start: number, length: number): ByteRange | null =>
    length <= 0 || length > MAX_INDEX_BYTES ? null : rangeWithin(start, length, sizeBytes);
  return {
    ...(inner as Omit<ColumnChunk, "offsetIndex" | "columnIndex">),
    offsetIndex: within(places.offsetStart, places.offsetLength),
    columnIndex: within(places.columnStart, places.columnLength),
  };
}

function readColumnMetadata(
  reader: ThriftReader,
  fieldType: number,
  sizeBytes: number,
): Omit<ColumnChunk, "offsetIndex" | "columnIndex"> {
  const numbers = { valueCount: 0, compressedBytes: 0, dataOffset: 0, dictionaryOffset: 0 };
  let codec: Codec = "UNCOMPRESSED";
  let bounds: Bounds = { min: null, max: null, nullCount: null, isOrdered: false };
  reader.structure(fieldType, (id, type) => {
    if (id === 4) codec = CODECS[reader.integer(type)] ?? "unknown";
    else if (id === 5) numbers.valueCount = reader.integer(type);
    else if (id === 7) numbers.compressedBytes = reader.integer(type);
    else if (id === 9) numbers.dataOffset = reader.integer(type);
    else if (id === 11) numbers.dictionaryOffset = reader.integer(type);
    else if (id === 12) bounds = readBounds(reader, type);
    else reader.skip(type);
  });
  requireCount(numbers.valueCount);
  // Some writers give no place of the dictionary, or 0, though there is one: then it comes first.
  const { dataOffset, dictionaryOffset } = numbers;
  const start = dictionaryOffset > 0 ? Math.min(dataOffset, dictionaryOffset) : dataOffset;
  const range = rangeWithin(start, numbers.compressedBytes, sizeBytes);
  return { range, codec, valueCount: numbers.valueCount, bounds };
}

function readBounds(reader: ThriftReader, fieldType: number): Bounds {
  const older: { min: Uint8Array | null; max: Uint8Array | null } = { min: null, max: null };
  const newer: { min: Uint8Array | null; max: Uint8Array | null } = { min: null, max: null };
  let nullCount: number | null = null;
  reader.structure(fieldType, (id, type) => {
    if (id === 1) older.max = reader.binary(type);
    else if (id === 2) older.min = reader.binary(type);
    else if (id === 3) nullCount = reader.integer(type);
    else if (id === 5) newer.max = reader.binary(type);
    else if (id === 6) newer.min = reader.binary(type);
    else reader.skip(type);
  });
  const isOrdered = newer.min !== null || newer.max !== null;
  return { ...(isOrdered ? newer : older), nullCount, isOrdered };
}

function requireCount(count: number): void {
  if (!Number.isSafeInteger(count) || count < 0) throw damaged("it counts fewer rows than none");
}

function rangeWithin(start: number, length: number, sizeBytes: number): ByteRange {
  const end = start + length;
  const isWithin = Number.isSafeInteger(start) && start >= 0 && length >= 0 && end <= sizeBytes;
  if (isWithin) return { start, end };
  throw damaged(`bytes ${start} to ${end} of its ${sizeBytes} are said to hold a column`);
}
