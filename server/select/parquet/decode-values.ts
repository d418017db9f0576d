import { decodeDeltas, lowHalves } from "./delta.ts";
import { damaged } from "./fault.ts";
import { decodeHybrid, type Counts, type Encoded } from "./hybrid.ts";
import type { Leaf } from "./leaf.ts";
import { MAX_PAGE_BYTES, type Encoding } from "./page-header.ts";
import { decodePlain, viewOf, widthBytesOf } from "./plain.ts";
import { listedRuns } from "./runs.ts";
import type { ByteVector, PlainVector, Vector } from "./vector.ts";

/**
 * Decodes the values of a page.
 * @param dictionary of the column; null where no page of it came first
 * @throws SelectError `ParquetParsingError`
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/
 */
export function decodeValues(
  encoding: Encoding,
  encoded: Encoded,
  count: number,
  leaf: Leaf,
  dictionary: PlainVector | null,
): Vector {
  switch (encoding) {
    case "PLAIN":
      return decodePlain(encoded, count, leaf);
    case "PLAIN_DICTIONARY":
    case "RLE_DICTIONARY":
      return decodePlaces(encoded, count, leaf, dictionary);
    case "RLE":
      return decodeBooleans(encoded, count, leaf);
    case "DELTA_BINARY_PACKED":
      return decodeIntegers(encoded, count, leaf);
    case "DELTA_LENGTH_BYTE_ARRAY":
      return runsOf(encoded.bytes, byLengths(encoded, count, leaf));
    case "DELTA_BYTE_ARRAY":
      return byPrefixes(encoded, count, leaf);
    case "BYTE_STREAM_SPLIT":
      return decodeSplit(encoded, count, leaf);
    default:
      throw unfit(encoding, leaf);
  }
}

function unfit(encoding: string, { name, physical }: Leaf): Error {
  return damaged(`its column "${name}" of the type ${physical} is encoded as ${encoding}`);
}

function decodePlaces(
  { bytes, start, end }: Encoded,
  count: number,
  { name }: Leaf,
  dictionary: PlainVector | null,
): Vector {
  if (dictionary === null) throw damaged(`the dictionary of its column "${name}" is missing`);
  const width = start < end ? (bytes[start] ?? 0) : 0;
  const encoded = { bytes, start: start + 1, end };
  let places: Counts | null = null;
  const decode = (): Counts => {
    const decoded = countsOf(width, count);
    if (width > 0) decodeHybrid(encoded, width, decoded);
    return decoded;
  };
  return {
    kind: "dictionary",
    entries: dictionary,
    count,
    encoded,
    width,
    places: () => (places ??= decode()),
  };
}

function countsOf(width: number, count: number): Counts {
  if (width <= 8) return new Uint8Array(count);
  return width <= 16 ? new Uint16Array(count) : new Int32Array(count);
}

function decodeBooleans({ bytes, start, end }: Encoded, count: number, leaf: Leaf): Vector {
  if (leaf.physical !== "BOOLEAN") throw unfit("RLE", leaf);
  const values = new Uint8Array(count);
  // Their length stands before them.
  if (count > 0) decodeHybrid({ bytes, start: start + 4, end }, 1, values);
  return { kind: "bool", values };
}

function decodeIntegers(encoded: Encoded, count: number, leaf: Leaf): Vector {
  const { physical } = leaf;
  if (physical !== "INT32" && physical !== "INT64") throw unfit("DELTA_BINARY_PACKED", leaf);
  const deltas = decodeDeltas(encoded, count);
  return physical === "INT64"
    ? { kind: "int64", halves: deltas.halves }
    : { kind: "int32", values: lowHalves(deltas) };
}

function requireBytes(leaf: Leaf, encoding: string): void {
  if (leaf.physical !== "BYTE_ARRAY" && leaf.physical !== "FIXED_LEN_BYTE_ARRAY") {
    throw unfit(encoding, leaf);
  }
}

interface Listed {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

function runsOf(bytes: Uint8Array, { starts, ends }: Listed): ByteVector {
  return { kind: "bytes", bytes, count: starts.length, runs: listedRuns(starts, ends) };
}

function byLengths(encoded: Encoded, count: number, leaf: Leaf): Listed {
  requireBytes(leaf, "DELTA_LENGTH_BYTE_ARRAY");
  const deltas = decodeDeltas(encoded, count);
  const lengths = lowHalves(deltas);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  let at = deltas.end;
  for (let index = 0; index < count; index += 1) {
    const length = lengths[index] ?? 0;
    if (length < 0 || length > encoded.end - at) throw tooLong(leaf);
    starts[index] = at;
    at += length;
    ends[index] = at;
  }
  return { starts, ends };
}

function byPrefixes(encoded: Encoded, count: number, leaf: Leaf): ByteVector {
  requireBytes(leaf, "DELTA_BYTE_ARRAY");
  const deltas = decodeDeltas(encoded, count);
  const prefixes = lowHalves(deltas);
  const suffixes = byLengths({ ...encoded, start: deltas.end }, count, leaf);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  let size = 0;
  for (let index = 0; index < count; index += 1) {
    const prefix = prefixes[index] ?? 0;
    const last = index === 0 ? 0 : size - (starts[index - 1] ?? 0);
    if (prefix < 0 || prefix > last) throw tooLong(leaf);
    starts[index] = size;
    size += prefix + (suffixes.ends[index] ?? 0) - (suffixes.starts[index] ?? 0);
    ends[index] = size;
    // A few bytes of prefixes can stand for any number of others.
    if (size > MAX_PAGE_BYTES) throw damaged(`a page has more than ${MAX_PAGE_BYTES} bytes`);
  }
  const bytes = new Uint8Array(size);
  for (let index = 0; index < count; index += 1) {
    const prefix = prefixes[index] ?? 0;
    const start = starts[index] ?? 0;
    const before = starts[index - 1] ?? 0;
    if (prefix > 0) bytes.copyWithin(start, before, before + prefix);
    const suffix = encoded.bytes.subarray(suffixes.starts[index], suffixes.ends[index]);
    bytes.set(suffix, start + prefix);
  }
  return runsOf(bytes, { starts, ends });
}

function tooLong({ name }: Leaf): Error {
  return damaged(`a value of its column "${name}" is longer than its page`);
}

/** The first bytes of all values, then the second ones, and so on. */
function decodeSplit({ bytes, start, end }: Encoded, count: number, leaf: Leaf): Vector {
  const width = widthBytesOf(leaf);
  if (width === null) throw unfit("BYTE_STREAM_SPLIT", leaf);
  const size = count * width;
  if (size > end - start) throw damaged("a page has fewer values than it says");
  const joined = new Uint8Array(size);
  for (let part = 0; part < width; part += 1) {
    const from = start + part * count;
    for (let index = 0; index < count; index += 1) {
      joined[index * width + part] = bytes[from + index] ?? 0;
    }
  }
  return viewOf({ bytes: joined, start: 0, end: size }, count, leaf);
}
