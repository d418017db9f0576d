import { readFileSync } from "node:fs";

/** Five events, written by DuckDB: `timestamp`, `user_id`, `event_type`, `page`. */
const EVENTS = readFileSync(new URL("analytics.parquet", import.meta.url));

/** Length of the footer and the magic, behind it, in bytes. */
const TAIL_BYTES = 8;

/** Metadata in Thrift's compact form: codec SNAPPY, before the count of values. */
const SNAPPY = "\x15\x02\x16";
const LZO = "\x15\x06\x16";

/** The end of the columns, the size of the row group, and its five rows. */
// oxlint-disable-next-line no-control-regex -- bytes, not text
const GROUP_SIZE = /\x00\x16[\x80-\xff]*[\x00-\x7f]\x16\x0a/u;
const SIZE_OF_600_MB = "\x00\x16\x80\x80\x80\xd8\x04\x16\x0a";

/** Events whose pages claim to be packed by LZO, which nobody writes. */
export function packedByLzo(): Uint8Array {
  return withFooter((footer) => footer.replaceAll(SNAPPY, LZO));
}

/** Events of a row group that claims to have 600 MB. */
export function inOneLargeGroup(): Uint8Array {
  return withFooter((footer) => footer.replace(GROUP_SIZE, SIZE_OF_600_MB));
}

/** Events without the end of the file. */
export function withoutEnd(): Uint8Array {
  return EVENTS.subarray(0, -TAIL_BYTES);
}

function withFooter(change: (footer: string) => string): Uint8Array {
  const end = EVENTS.length - TAIL_BYTES;
  const start = end - EVENTS.readUInt32LE(end);
  const before = EVENTS.toString("latin1", start, end);
  const footer = Buffer.from(change(before), "latin1");
  if (footer.toString("latin1") === before) throw new Error("The metadata is not as expected");
  const tail = Buffer.from("\0\0\0\0PAR1");
  tail.writeUInt32LE(footer.length);
  return Buffer.concat([EVENTS.subarray(0, start), footer, tail]);
}
