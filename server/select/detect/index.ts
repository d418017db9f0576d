import type { ByteSource } from "../../../shared/select/byte-source.ts";
import type { DetectedSchema } from "../../../shared/select/schema.ts";
import { SelectError } from "../../../shared/select/select-error.ts";
import { markLengthOf } from "../input/byte-order-mark.ts";
import { compressionOf, unpack } from "../input/decompress.ts";
import { isParquet } from "../parquet/footer.ts";
import { detectCsv } from "./detect-csv.ts";
import { detectJson } from "./detect-json.ts";
import { detectParquet } from "./detect-parquet.ts";

/** As much of an object as is looked at, before and after it was unpacked, in bytes. */
const HEAD_BYTES = 256 * 1024;

/** A block of bzip2, of which nothing can be seen before its end, is no longer than this, in bytes. */
const BLOCK_BYTES = 1024 * 1024;

/** First records that are shown. */
const MOST_ROWS = 10;

/**
 * What an object seems to be, judged by its first quarter of a megabyte; Parquet says itself what it is.
 * @throws SelectError `UnrecognizedFormatException` for what is no text; what the source throws
 */
export async function detect(source: ByteSource, signal: AbortSignal): Promise<DetectedSchema> {
  const beginning = (mostBytes: number) =>
    source.read({ start: 0, end: Math.min(mostBytes, source.sizeBytes) }, signal);
  const raw = await take(beginning(HEAD_BYTES));
  if (isParquet(raw)) {
    const detected = await detectParquet(source, MOST_ROWS, signal);
    return { format: "parquet", compression: "NONE", ...detected };
  }
  const compression = compressionOf(raw);
  const packed = compression === "BZIP2" ? beginning(BLOCK_BYTES) : once(raw);
  const unpacked = compression === "NONE" ? raw : await take(unpack(packed, compression));
  const head = unpacked.subarray(markLengthOf(unpacked));
  if (head.includes(0)) {
    const detail = "The object is no text; only CSV, JSON and Parquet can be asked.";
    throw new SelectError("UnrecognizedFormatException", detail);
  }
  const first = head.find((byte) => byte > 32);
  const isJson = first === 0x7b || first === 0x5b;
  return isJson
    ? { format: "json", compression, ...detectJson(head, MOST_ROWS) }
    : { format: "csv", compression, ...detectCsv(head, MOST_ROWS) };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

/** The first bytes; what is cut off in the middle of packed bytes has shown enough before. */
async function take(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const taken: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of pieces) {
      taken.push(piece);
      size += piece.length;
      if (size >= HEAD_BYTES) break;
    }
  } catch (error) {
    const isCut = error instanceof SelectError && error.code === "TruncatedInput";
    if (!isCut || size === 0) throw error;
  }
  return Buffer.concat(taken).subarray(0, HEAD_BYTES);
}
