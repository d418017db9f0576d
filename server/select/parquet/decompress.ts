import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { snappyUncompress } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { SelectError } from "../../../shared/select/select-error.ts";
import { damaged } from "./fault.ts";
import { unpackHadoopLz4, unpackLz4Block } from "./lz4.ts";
import type { Codec } from "./metadata.ts";
import { unpackZstd } from "./zstd/unpack-zstd.ts";

/** WebAssembly never gives memory back: larger pages are unpacked without it, if more slowly. */
const MAX_WASM_BYTES = 4 * 1024 * 1024;

/**
 * Unpacks a page.
 * @param size what it has before compression, in bytes; it takes no more
 * @throws SelectError `ParquetUnsupportedCompressionCodec`, `ParquetParsingError` for what is not `size` bytes
 */
export function decompress(codec: Codec, packed: Uint8Array, size: number): Uint8Array {
  if (codec === "UNCOMPRESSED") return requireSize(packed, size);
  if (size === 0) return new Uint8Array(0);
  const unpack = UNPACKERS[codec];
  if (unpack !== undefined)
    return requireSize(
      sound(() => unpack(packed, size)),
      size,
    );
  const detail = `Pages packed by ${codec} cannot be read; use SNAPPY, GZIP, ZSTD, LZ4_RAW or BROTLI.`;
  throw new SelectError("ParquetUnsupportedCompressionCodec", detail);
}

type Unpack = (packed: Uint8Array, size: number) => Uint8Array;

const UNPACKERS: Partial<Record<Codec, Unpack>> = {
  SNAPPY: unpackSnappy,
  GZIP: (packed, size) => gunzipSync(packed, { maxOutputLength: size }),
  BROTLI: (packed, size) => brotliDecompressSync(packed, { maxOutputLength: size }),
  LZ4: (packed, size) => filled(size, (output) => unpackHadoopLz4(Buffer.from(packed), output)),
  LZ4_RAW: (packed, size) => filled(size, (output) => unpackLz4Block(packed, output)),
  ZSTD: (packed, size) => filled(size, (output) => unpackZstd(packed, output)),
};

/** Its own word on the length is what it goes by: it must be ours. */
function unpackSnappy(packed: Uint8Array, size: number): Uint8Array {
  if (snappyLengthOf(packed) !== size)
    throw damaged("a page that Snappy has packed has no such length");
  const { SNAPPY } = compressors;
  if (SNAPPY !== undefined && size + packed.length <= MAX_WASM_BYTES) return SNAPPY(packed, size);
  const output = new Uint8Array(size);
  snappyUncompress(packed, output);
  return output;
}

function snappyLengthOf(packed: Uint8Array): number {
  let length = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = packed[index] ?? 0;
    length += (byte & 127) * 128 ** index;
    if (byte < 128) break;
  }
  return length;
}

function filled(size: number, fill: (output: Uint8Array) => number): Uint8Array {
  const output = new Uint8Array(size);
  return output.subarray(0, fill(output));
}

function requireSize(bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length === size) return bytes;
  throw damaged(`a page has ${bytes.length} bytes, and should have ${size}`);
}

/** Whatever an unpacker throws, the page is at fault. */
function sound(unpack: () => Uint8Array): Uint8Array {
  try {
    return unpack();
  } catch (error) {
    if (error instanceof SelectError) throw error;
    throw damaged("a page cannot be unpacked");
  }
}
