import { malformed } from "./bits.ts";
import { decodeHuffman, readHuffmanTable, type HuffmanTable } from "./huffman.ts";

/** Most bytes of a block. */
export const MAX_BLOCK_BYTES = 128 * 1024;

/** The bytes of a block that are no repetition of others, and where what follows them begins. */
export interface Literals {
  readonly bytes: Uint8Array;
  readonly end: number;
  /** For blocks that take it over. */
  readonly table: HuffmanTable | null;
}

const RAW = 0;
const RUN = 1;
const TAKES_OVER = 3;

/** @param before the table of the block before @see https://www.rfc-editor.org/rfc/rfc8878#name-literals-section-header */
export function readLiterals(block: Uint8Array, before: HuffmanTable | null): Literals {
  const head = block[0] ?? 0;
  const kind = head & 3;
  const format = (head >> 2) & 3;
  if (kind === RAW || kind === RUN) return plainLiterals(block, kind, format, before);
  const sizeBits = format === 2 ? 14 : format === 3 ? 18 : 10;
  const headBytes = format < 2 ? 3 : format + 2;
  const sizes = littleEndian(block, headBytes);
  const size = Math.floor(sizes / 16) % 2 ** sizeBits;
  const packedBytes = Math.floor(sizes / 2 ** (4 + sizeBits));
  const end = headBytes + packedBytes;
  if (size > MAX_BLOCK_BYTES || end > block.length) throw malformed();
  const packed = block.subarray(headBytes, end);
  const read = kind === TAKES_OVER ? { table: before, end: 0 } : readHuffmanTable(packed, 0);
  if (read.table === null || read.end > packed.length) throw malformed();
  const bytes = new Uint8Array(size);
  const streams = packed.subarray(read.end);
  if (format === 0) decodeHuffman(read.table, streams, bytes);
  else decodeFour(read.table, streams, bytes);
  return { bytes, end, table: read.table };
}

function plainLiterals(
  block: Uint8Array,
  kind: number,
  format: number,
  table: HuffmanTable | null,
): Literals {
  const headBytes = format === 1 ? 2 : format === 3 ? 3 : 1;
  const size = littleEndian(block, headBytes) >>> (headBytes === 1 ? 3 : 4);
  const end = headBytes + (kind === RUN ? 1 : size);
  if (size > MAX_BLOCK_BYTES || end > block.length) throw malformed();
  if (kind === RAW) return { bytes: block.subarray(headBytes, end), end, table };
  return { bytes: new Uint8Array(size).fill(block[headBytes] ?? 0), end, table };
}

/** Four streams stand behind the lengths of three. */
function decodeFour(table: HuffmanTable, streams: Uint8Array, bytes: Uint8Array): void {
  const share = (bytes.length + 3) >> 2;
  let at = 6;
  for (let index = 0; index < 4; index += 1) {
    const length = (streams[index * 2] ?? 0) | ((streams[index * 2 + 1] ?? 0) << 8);
    const end = index === 3 ? streams.length : at + length;
    if (end > streams.length) throw malformed();
    const from = Math.min(bytes.length, share * index);
    const to = index === 3 ? bytes.length : Math.min(bytes.length, from + share);
    decodeHuffman(table, streams.subarray(at, end), bytes.subarray(from, to));
    at = end;
  }
}

function littleEndian(bytes: Uint8Array, length: number): number {
  let value = 0;
  for (let index = 0; index < length; index += 1) value += (bytes[index] ?? 0) * 256 ** index;
  return value;
}
