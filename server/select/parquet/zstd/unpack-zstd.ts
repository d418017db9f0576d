import { malformed } from "./bits.ts";
import type { HuffmanTable } from "./huffman.ts";
import { MAX_BLOCK_BYTES, readLiterals } from "./literals.ts";
import { readSequences, type SequenceState } from "./sequences.ts";

const MAGIC = 0xfd2fb528;

/** The first of the sixteen that stand before bytes for others. */
const SKIPPED_MAGIC = 0x184d2a50;

const RAW = 0;
const RUN = 1;
const PACKED = 2;

/**
 * Unpacks Zstandard into `output`, and says how many bytes it took; in time that goes with what comes and what goes.
 * (The decoder of Node is younger than the Node that this runs on, and those on npm follow lengths wherever they lead.)
 * @throws SelectError `ParquetParsingError` for what is not sound, or longer than `output`
 * @see https://www.rfc-editor.org/rfc/rfc8878
 */
export function unpackZstd(packed: Uint8Array, output: Uint8Array): number {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  let filled = 0;
  for (let at = 0; at < packed.length;) {
    if (at + 8 > packed.length) throw malformed();
    const magic = view.getUint32(at, true);
    if (magic === MAGIC) {
      const frame = new Frame(packed, at + 4, output, filled);
      frame.unpack();
      at = frame.at;
      filled = frame.filled;
    } else if (magic >>> 4 === SKIPPED_MAGIC >>> 4) at += 8 + view.getUint32(at + 4, true);
    else throw malformed();
  }
  return filled;
}

/** One frame: what is known goes on from block to block. */
class Frame {
  readonly #packed: Uint8Array;
  readonly #output: Uint8Array;
  readonly #start: number;
  readonly #sequences: SequenceState = { tables: null, offsets: [1, 4, 8] };
  #table: HuffmanTable | null = null;
  at: number;
  filled: number;

  constructor(packed: Uint8Array, at: number, output: Uint8Array, filled: number) {
    this.#packed = packed;
    this.#output = output;
    this.#start = filled;
    this.at = at;
    this.filled = filled;
  }

  unpack(): void {
    const hasChecksum = this.#readHeader();
    for (let isLast = false; !isLast;) {
      const head = this.#byte(0) | (this.#byte(1) << 8) | (this.#byte(2) << 16);
      this.at += 3;
      isLast = (head & 1) === 1;
      this.#readBlock((head >> 1) & 3, head >> 3);
    }
    // Pages have a checksum of their own, which is not looked at either.
    if (hasChecksum) this.at += 4;
    if (this.at > this.#packed.length) throw malformed();
  }

  #byte(offset: number): number {
    return this.#packed[this.at + offset] ?? 0;
  }

  /** The page says how long it is: sizes and the window are passed over. */
  #readHeader(): boolean {
    const head = this.#byte(0);
    const isSingle = (head & 32) !== 0;
    const dictionaryBytes = [0, 1, 2, 4][head & 3] ?? 0;
    const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][head >> 6] ?? 0;
    this.at += 1 + (isSingle ? 0 : 1) + dictionaryBytes + sizeBytes;
    return (head & 4) !== 0;
  }

  #readBlock(kind: number, size: number): void {
    const end = this.at + (kind === RUN ? 1 : size);
    if (end > this.#packed.length || size > MAX_BLOCK_BYTES) throw malformed();
    const block = this.#packed.subarray(this.at, end);
    if (kind === RAW) this.#append(block);
    else if (kind === RUN) {
      this.#require(size);
      this.#output.fill(block[0] ?? 0, this.filled, this.filled + size);
      this.filled += size;
    } else if (kind === PACKED) this.#unpackBlock(block);
    else throw malformed();
    this.at = end;
  }

  #unpackBlock(block: Uint8Array): void {
    const { bytes, end, table } = readLiterals(block, this.#table);
    this.#table = table;
    let taken = 0;
    readSequences(block, end, this.#sequences, (literals, match, offset) => {
      if (literals > bytes.length - taken) throw malformed();
      this.#append(bytes.subarray(taken, taken + literals));
      taken += literals;
      this.#repeat(match, offset);
    });
    this.#append(bytes.subarray(taken));
  }

  #require(length: number): void {
    if (length > this.#output.length - this.filled) throw malformed();
  }

  #append(bytes: Uint8Array): void {
    this.#require(bytes.length);
    this.#output.set(bytes, this.filled);
    this.filled += bytes.length;
  }

  #repeat(length: number, offset: number): void {
    this.#require(length);
    if (offset <= 0 || offset > this.filled - this.#start) throw malformed();
    const output = this.#output;
    const end = this.filled + length;
    if (offset >= length) output.copyWithin(this.filled, this.filled - offset, end - offset);
    else for (let at = this.filled; at < end; at += 1) output[at] = output[at - offset] ?? 0;
    this.filled = end;
  }
}
