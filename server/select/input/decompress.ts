import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { SelectError } from "../../../shared/select/select-error.ts";
import type { Compression } from "../../../shared/select/select-request.ts";
import { bunzip2, isBzip2 } from "./bzip2/bunzip2.ts";

/** Smaller pieces cost more calls than bytes, in bytes. */
const PIECE_BYTES = 1024 * 1024;

/** @see https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1 */
const GZIP = [0x1f, 0x8b];

/** What bytes are packed by, as their beginning says; ten of them tell. */
export function compressionOf(head: Uint8Array): Compression {
  if (GZIP.every((byte, index) => head[index] === byte)) return "GZIP";
  return isBzip2(head) ? "BZIP2" : "NONE";
}

/**
 * Unpacks piece by piece.
 * @throws SelectError as `gunzip` and `bunzip2` do
 */
export function unpack(
  pieces: AsyncIterable<Uint8Array>,
  compression: Compression,
): AsyncIterable<Uint8Array> {
  if (compression === "NONE") return pieces;
  return compression === "GZIP" ? gunzip(pieces) : bunzip2(pieces);
}

/**
 * Unpacks gzip, of one member or several, piece by piece.
 * @throws SelectError `InvalidCompressionFormat` for what is no gzip, `TruncatedInput` for what ends too soon or is
 * damaged
 */
async function* gunzip(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const unpacked = createGunzip({ chunkSize: PIECE_BYTES });
  const source = Readable.from(pieces);
  source.on("error", (error) => unpacked.destroy(error));
  try {
    yield* source.pipe(unpacked);
  } catch (error) {
    throw toSelectError(error);
  } finally {
    source.destroy();
  }
}

function toSelectError(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  if (error.code === "Z_BUF_ERROR") {
    return new SelectError("TruncatedInput", "The compressed object ends too soon.");
  }
  if (error.code !== "Z_DATA_ERROR") return error;
  return error.message.includes("header")
    ? new SelectError("InvalidCompressionFormat", "The object is not GZIP.")
    : new SelectError("TruncatedInput", "The compressed object is damaged.");
}
