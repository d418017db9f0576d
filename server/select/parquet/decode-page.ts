import { decodeValues } from "./decode-values.ts";
import { damaged } from "./fault.ts";
import { constantOf, decodeHybrid, widthOf, type Encoded } from "./hybrid.ts";
import type { Leaf } from "./leaf.ts";
import type { Encoding, PageHeader } from "./page-header.ts";
import { decodePlain } from "./plain.ts";
import { inAnyOrder } from "./runs.ts";
import type { PlainVector, Vector } from "./vector.ts";

/** A data page taken apart. */
export interface Page {
  /** NULLs included. */
  readonly valueCount: number;
  /** Null where all values are there. */
  readonly definitions: Uint8Array | null;
  /** Null where every value begins a row. */
  readonly repetitions: Uint8Array | null;
  /** Those that are there; decoded when they are first asked for. */
  values(): Vector;
}

type DataHeader = Extract<PageHeader, { kind: "data" | "data-v2" }>;

/** Unpacks what a column is made of, to so many bytes. */
export interface Unpack {
  /** Pages are packed at all. */
  readonly isPacked: boolean;
  /** The bytes are good until the next page. */
  page(packed: Uint8Array, size: number): Uint8Array;
  dictionary(packed: Uint8Array, size: number): Uint8Array;
}

/** @throws SelectError `ParquetParsingError`, `ParquetUnsupportedCompressionCodec` */
export function decodeDictionary(
  header: Extract<PageHeader, { kind: "dictionary" }>,
  packed: Uint8Array,
  unpack: Unpack,
  leaf: Leaf,
): PlainVector {
  const bytes = unpack.dictionary(packed, header.bytes);
  const entries = decodePlain({ bytes, start: 0, end: bytes.length }, header.valueCount, leaf);
  if (entries.kind !== "bytes") return entries;
  return { ...entries, runs: inAnyOrder(entries.runs, entries.count) };
}

/** @throws SelectError `ParquetParsingError`, `ParquetUnsupportedCompressionCodec` */
export function decodePage(
  header: DataHeader,
  packed: Uint8Array,
  unpack: Unpack,
  leaf: Leaf,
  dictionary: PlainVector | null,
): Page {
  const { repetitions, definitions, rest } =
    header.kind === "data"
      ? levelsOf(header, unpack.page(packed, header.bytes), leaf)
      : levelsOfV2(header, packed, unpack, leaf);
  const { valueCount, encoding } = header;
  const isOwn = unpack.isPacked && header.kind === "data";
  const count = definitions === null ? valueCount : countOf(definitions, leaf.maxDefinition);
  return {
    valueCount,
    definitions: count === valueCount ? null : definitions,
    repetitions,
    values: once(encoding, isOwn ? aligned(rest) : rest, count, leaf, dictionary),
  };
}

/** Moves values, in bytes that are nobody else's, to where numbers can be looked at as they lie. */
function aligned({ bytes, start, end }: Encoded): Encoded {
  const shift = (bytes.byteOffset + start) % Float64Array.BYTES_PER_ELEMENT;
  if (shift === 0 || shift > start) return { bytes, start, end };
  bytes.copyWithin(start - shift, start, end);
  return { bytes, start: start - shift, end: end - shift };
}

function once(
  encoding: Encoding,
  rest: Encoded,
  count: number,
  leaf: Leaf,
  dictionary: PlainVector | null,
): () => Vector {
  let values: Vector | null = null;
  return () => (values ??= decodeValues(encoding, rest, count, leaf, dictionary));
}

interface Levels {
  readonly repetitions: Uint8Array | null;
  readonly definitions: Uint8Array | null;
  /** What is behind them. */
  readonly rest: Encoded;
}

/** In pages of the first kind each kind of levels has its length before it. */
function levelsOf({ valueCount }: DataHeader, bytes: Uint8Array, leaf: Leaf): Levels {
  let start = 0;
  const take = (maxLevel: number): Uint8Array | null => {
    if (maxLevel === 0) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (start + 4 > bytes.length) throw tooShort();
    const end = start + 4 + view.getUint32(start, true);
    if (end > bytes.length) throw tooShort();
    const levels = decodeLevels({ bytes, start: start + 4, end }, maxLevel, valueCount);
    start = end;
    return levels;
  };
  const repetitions = take(leaf.maxRepetition);
  const definitions = take(leaf.maxDefinition);
  const filled = leaf.maxRepetition === 0 ? null : (repetitions ?? filledWith(leaf, valueCount));
  return { repetitions: filled, definitions, rest: { bytes, start, end: bytes.length } };
}

/** In pages of the second kind the levels are not packed, and their lengths stand in the header. */
function levelsOfV2(
  header: Extract<PageHeader, { kind: "data-v2" }>,
  packed: Uint8Array,
  unpack: Unpack,
  leaf: Leaf,
): Levels {
  const { valueCount, repetitionBytes, definitionBytes } = header;
  const start = repetitionBytes + definitionBytes;
  if (repetitionBytes < 0 || definitionBytes < 0 || start > packed.length) throw tooShort();
  const levels = (from: number, end: number, max: number): Uint8Array | null =>
    max === 0 ? null : decodeLevels({ bytes: packed, start: from, end }, max, valueCount);
  const repetitions = levels(0, repetitionBytes, leaf.maxRepetition);
  const definitions = levels(repetitionBytes, start, leaf.maxDefinition);
  const filled = leaf.maxRepetition === 0 ? null : (repetitions ?? filledWith(leaf, valueCount));
  const size = header.bytes - start;
  if (size < 0) throw tooShort();
  const values = packed.subarray(start);
  const bytes = header.isCompressed ? unpack.page(values, size) : values;
  if (bytes.length !== size) throw tooShort();
  return { repetitions: filled, definitions, rest: { bytes, start: 0, end: bytes.length } };
}

function filledWith({ maxRepetition }: Leaf, count: number): Uint8Array {
  return new Uint8Array(count).fill(maxRepetition);
}

/** Null where all have the highest level. */
function decodeLevels(encoded: Encoded, maxLevel: number, count: number): Uint8Array | null {
  const width = widthOf(maxLevel);
  if (constantOf(encoded, width, count) === maxLevel) return null;
  const levels = new Uint8Array(count);
  decodeHybrid(encoded, width, levels);
  for (let index = 0; index < count; index += 1) {
    if ((levels[index] ?? 0) > maxLevel) throw damaged(`a level is above the highest, ${maxLevel}`);
  }
  return levels;
}

function countOf(levels: Uint8Array, level: number): number {
  let count = 0;
  for (let index = 0; index < levels.length; index += 1) count += levels[index] === level ? 1 : 0;
  return count;
}

function tooShort(): Error {
  return damaged("a page is shorter than its levels");
}
