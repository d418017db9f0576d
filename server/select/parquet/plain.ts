import { damaged } from "./fault.ts";
import type { Encoded } from "./hybrid.ts";
import type { Leaf } from "./leaf.ts";
import { fixedRuns, PrefixedRuns } from "./runs.ts";
import type { ByteVector, PlainVector } from "./vector.ts";

/** Bytes of every value; null where they differ, or where a value has less than one. */
export function widthBytesOf({ physical, widthBytes }: Leaf): number | null {
  switch (physical) {
    case "INT32":
    case "FLOAT":
      return 4;
    case "INT64":
    case "DOUBLE":
      return 8;
    case "INT96":
      return 12;
    case "FIXED_LEN_BYTE_ARRAY":
      return widthBytes;
    default:
      return null;
  }
}

/**
 * Decodes values that stand one behind the other.
 * @throws SelectError `ParquetParsingError` where there are fewer than `count`
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#PLAIN
 */
export function decodePlain(encoded: Encoded, count: number, leaf: Leaf): PlainVector {
  if (leaf.physical === "BYTE_ARRAY") return decodeByteArrays(encoded, count);
  const width = widthBytesOf(leaf);
  const size = width === null ? Math.ceil(count / 8) : width * count;
  if (size > encoded.end - encoded.start) throw tooFew();
  return width === null ? decodeBits(encoded, count) : viewOf(encoded, count, leaf);
}

/** Values of one width, as numbers or as bytes; there are enough bytes for them. */
export function viewOf({ bytes, start }: Encoded, count: number, leaf: Leaf): PlainVector {
  switch (leaf.physical) {
    case "INT32":
      return { kind: "int32", values: new Int32Array(...aligned(bytes, start, count, 4)) };
    case "FLOAT":
      return { kind: "float32", values: new Float32Array(...aligned(bytes, start, count, 4)) };
    case "INT64": {
      const [buffer, offset] = aligned(bytes, start, count, 8);
      return { kind: "int64", halves: new Int32Array(buffer, offset, count * 2) };
    }
    case "DOUBLE":
      return { kind: "float64", values: new Float64Array(...aligned(bytes, start, count, 8)) };
    default:
      return {
        kind: "bytes",
        bytes,
        count,
        runs: fixedRuns(start, widthBytesOf(leaf) ?? 0),
      };
  }
}

/** Numbers are looked at where they lie, if they lie well; else they are copied to where they do. */
function aligned(
  bytes: Uint8Array,
  start: number,
  count: number,
  width: number,
): [buffer: ArrayBufferLike, offset: number, count: number] {
  const offset = bytes.byteOffset + start;
  if (offset % width === 0) return [bytes.buffer, offset, count];
  const copy = Buffer.allocUnsafeSlow(count * width);
  copy.set(bytes.subarray(start, start + count * width));
  return [copy.buffer, 0, count];
}

function decodeBits({ bytes, start }: Encoded, count: number): PlainVector {
  const values = new Uint8Array(count);
  for (let index = 0; index < count; index += 1) {
    values[index] = ((bytes[start + (index >> 3)] ?? 0) >> (index & 7)) & 1;
  }
  return { kind: "bool", values };
}

function decodeByteArrays(encoded: Encoded, count: number): ByteVector {
  // Each has four bytes for its length at least.
  if (count * 4 > encoded.end - encoded.start) throw tooFew();
  return { kind: "bytes", bytes: encoded.bytes, count, runs: new PrefixedRuns(encoded) };
}

function tooFew(): Error {
  return damaged("a page has fewer values than it says");
}
