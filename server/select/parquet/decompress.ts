import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { SelectError } from "../../../shared/select/select-error.ts";
import { damaged } from "./fault.ts";
import { unpackHadoopLz4, unpackLz4Block } from "./lz4.ts";
import type { Codec } from "./metadata.ts";
import type { Scratch } from "./scratch.ts";
import { SnappyUnpacker } from "./snappy.ts";
import { unpackZstd } from "./zstd/unpack-zstd.ts";

/** Unpacks pages, of a query's columns one after another. */
export class PageUnpacker {
  readonly #snappy = new SnappyUnpacker();

  /**
   * Unpacks a page.
   * @param scratch of its column: the bytes are good until the next page; pages that are not packed stay where they are
   * @param size what it has before compression, in bytes; it takes no more
   * @throws SelectError `ParquetUnsupportedCompressionCodec`, `ParquetParsingError` for what is not `size` bytes
   */
  unpack(codec: Codec, packed: Uint8Array, size: number, scratch: Scratch): Uint8Array {
    switch (codec) {
      case "UNCOMPRESSED":
        return requireSize(packed, size);
      case "SNAPPY":
        // Nothing has no length before it, with some writers.
        if (size === 0) return new Uint8Array(0);
        return sound(() => this.#snappy.unpack(packed, size, scratch));
      case "LZ4":
        return filled(scratch.take(size), (output) => unpackHadoopLz4(Buffer.from(packed), output));
      case "LZ4_RAW":
        return filled(scratch.take(size), (output) => unpackLz4Block(packed, output));
      case "ZSTD":
        return filled(scratch.take(size), (output) => unpackZstd(packed, output));
      case "GZIP":
      case "BROTLI":
        return unpackByZlib(codec, packed, size);
      default: {
        const detail = `Pages packed by ${codec} cannot be read; use SNAPPY, GZIP, ZSTD, LZ4_RAW or BROTLI.`;
        throw new SelectError("ParquetUnsupportedCompressionCodec", detail);
      }
    }
  }
}

function filled(output: Uint8Array, fill: (output: Uint8Array) => number): Uint8Array {
  return requireSize(
    output,
    sound(() => fill(output)),
  );
}

function unpackByZlib(codec: "GZIP" | "BROTLI", packed: Uint8Array, size: number): Uint8Array {
  if (size === 0) return new Uint8Array(0);
  const unpack = codec === "GZIP" ? gunzipSync : brotliDecompressSync;
  const bytes = sound(() => unpack(packed, { maxOutputLength: size }));
  return requireSize(bytes, size);
}

function requireSize(bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length === size) return bytes;
  throw damaged(`a page has another length than ${Math.max(bytes.length, size)} bytes`);
}

/** Whatever an unpacker throws, the page is at fault. */
function sound<Result>(unpack: () => Result): Result {
  try {
    return unpack();
  } catch (error) {
    if (error instanceof SelectError) throw error;
    throw damaged("a page cannot be unpacked");
  }
}
