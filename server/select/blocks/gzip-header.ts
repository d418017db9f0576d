// Flags of a member.
const HAS_CRC = 2;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;
const RESERVED = 0xe0;

const FIXED_BYTES = 10;
const DEFLATE = 8;

/** What is wrong with a header: it is none, or it goes on behind the bytes at hand. */
export type HeaderFault = "none" | "unfinished";

/**
 * How many bytes the header of a gzip member has.
 * @see https://www.rfc-editor.org/rfc/rfc1952#section-2.3
 */
export function gzipHeaderLength(bytes: Uint8Array): number | HeaderFault {
  const [first, second, method, flags] = bytes;
  if ((first ?? 0x1f) !== 0x1f || (second ?? 0x8b) !== 0x8b) return "none";
  if (flags === undefined || bytes.length < FIXED_BYTES) return "unfinished";
  if (method !== DEFLATE || (flags & RESERVED) !== 0) return "none";
  let at: number = FIXED_BYTES;
  if ((flags & HAS_EXTRA) !== 0) at += 2 + (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end === -1) return "unfinished";
    at = end + 1;
  }
  if ((flags & HAS_CRC) !== 0) at += 2;
  return at <= bytes.length ? at : "unfinished";
}
