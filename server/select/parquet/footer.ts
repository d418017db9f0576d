import { damaged } from "./fault.ts";
import { readFileMetadata, type FileMetadata } from "./metadata.ts";
import type { ObjectBytes } from "./object-bytes.ts";

/** Most that a footer may have, in bytes: it is held in memory. */
const MAX_FOOTER_BYTES = 32 * 1024 * 1024;

/** As much of the end is fetched at first as most footers have, in bytes. */
const FIRST_BYTES = 32 * 1024;

/** A length of four bytes and the magic. */
const TRAILER_BYTES = 8;

const MAGIC = "PAR1";

/** Whether an object begins as Parquet files do. */
export function isParquet(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, MAGIC.length)).toString("latin1") === MAGIC;
}

/**
 * Fetches and reads the footer, which stands at the end of the object.
 * @throws SelectError `ParquetParsingError`; what the source throws
 * @see https://parquet.apache.org/docs/file-format/
 */
export async function fetchMetadata(object: ObjectBytes): Promise<FileMetadata> {
  const { sizeBytes } = object;
  const start = Math.max(0, sizeBytes - FIRST_BYTES);
  const tail = Buffer.from(await object.fetch({ start, end: sizeBytes }));
  const length = lengthOf(tail, sizeBytes);
  const end = tail.length - TRAILER_BYTES;
  if (length <= end) return readFileMetadata(tail.subarray(end - length, end));
  const rest = await object.fetch({ start: sizeBytes - TRAILER_BYTES - length, end: start });
  return readFileMetadata(Buffer.concat([rest, tail.subarray(0, end)]));
}

function lengthOf(tail: Buffer, sizeBytes: number): number {
  const magic = tail.toString("latin1", Math.max(0, tail.length - MAGIC.length));
  if (magic === "PARE") throw damaged("its footer is encrypted");
  if (magic !== MAGIC || tail.length < TRAILER_BYTES + MAGIC.length) {
    throw damaged(`it does not end with ${MAGIC}`);
  }
  const length = tail.readUInt32LE(tail.length - TRAILER_BYTES);
  if (length <= sizeBytes - TRAILER_BYTES - MAGIC.length && length <= MAX_FOOTER_BYTES) {
    return length;
  }
  throw damaged(
    `its footer is said to have ${length} bytes, of ${sizeBytes} in all, and ${MAX_FOOTER_BYTES} are read`,
  );
}
