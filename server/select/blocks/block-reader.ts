import { markLengthOf } from "../input/byte-order-mark.ts";
import { MAX_RECORD_BYTES, recordTooLong } from "../input/limits.ts";
import type { KernelMemory } from "../kernel/web-assembly.ts";
import { BLOCK_BYTES, roomOf, type Block } from "./block-memory.ts";
import type { ByteSupply } from "./byte-supply.ts";

/** The first block is small, so that the first records come soon, and who wants few of them pays for few. */
const FIRST_BLOCK_BYTES = 64 * 1024;

/** Which records a reader hands out. */
export interface BlockSpan {
  /** Of the first byte that the supply gives. */
  readonly offset: number;
  /** The first record begins behind the first delimiter. */
  readonly isBehindDelimiter: boolean;
  /** The last byte that a record may begin with. */
  readonly lastOffset: number;
}

/** Cuts an object into blocks of whole records. */
export class BlockReader {
  readonly #supply: Pick<ByteSupply, "fill">;
  readonly #bytes: Uint8Array;
  readonly #delimiter: Uint8Array;
  readonly #lastOffset: number;
  #offset: number;
  #isBehind: boolean;
  #isOver = false;
  #carried: Uint8Array = new Uint8Array(0);
  #size = FIRST_BLOCK_BYTES;

  constructor(
    supply: Pick<ByteSupply, "fill">,
    memory: KernelMemory,
    delimiter: string,
    span: BlockSpan,
  ) {
    this.#supply = supply;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#delimiter = Buffer.from(delimiter, "latin1");
    this.#offset = span.offset;
    this.#isBehind = span.isBehindDelimiter;
    this.#lastOffset = span.lastOffset;
  }

  /**
   * Reads the next block into a slot; null where there is none.
   * @throws SelectError `OverMaxRecordSize`; what the supply throws
   */
  async next(slot: number): Promise<Block | null> {
    const room = roomOf(slot);
    while (!this.#isOver) {
      const filled = await this.#supply.fill(this.#bytes.subarray(room, room + this.#size));
      const isLast = filled < this.#size;
      this.#size = Math.min(BLOCK_BYTES, this.#size * 2);
      const block = this.#cut(slot, room, room + filled, isLast);
      if (block !== null) return block;
    }
    return null;
  }

  /** Puts what was left of the block before in front, and keeps what the next one begins with. */
  #cut(slot: number, room: number, filledEnd: number, isLast: boolean): Block | null {
    let start = room - this.#carried.length;
    this.#bytes.set(this.#carried, start);
    if (isLast) this.#isOver = true;
    let end = isLast ? filledEnd : this.#lastDelimiterEnd(start, filledEnd);
    if (end <= start) return isLast ? null : this.#carry(start, filledEnd);
    this.#carried = this.#bytes.slice(end, filledEnd);
    const offset = this.#offset;
    this.#offset += end - start;
    if (this.#isBehind) {
      const first = this.#firstDelimiterEnd(start, end);
      if (first === null) return null;
      this.#isBehind = false;
      start = first;
    } else if (offset === 0) start += markLengthOf(this.#bytes.subarray(start, end));
    const blockOffset = this.#offset - (end - start);
    if (blockOffset > this.#lastOffset) this.#isOver = true;
    if (this.#offset > this.#lastOffset) end = this.#endOfRange(start, end, blockOffset);
    if (end === start || blockOffset > this.#lastOffset) return null;
    return this.#finished({ slot, start, end, dataEnd: end, offset: blockOffset });
  }

  #carry(start: number, end: number): null {
    if (end - start > MAX_RECORD_BYTES) throw recordTooLong();
    this.#carried = this.#bytes.slice(start, end);
    return null;
  }

  /** Every record of a block ends with a delimiter. */
  #finished(block: Block): Block {
    const { start, end } = block;
    if (this.#endsAt(end, start)) return block;
    this.#bytes.set(this.#delimiter, end);
    return { ...block, end: end + this.#delimiter.length };
  }

  /** Behind the record that the last byte of the range lies in. */
  #endOfRange(start: number, end: number, offset: number): number {
    this.#isOver = true;
    const after = start + this.#lastOffset - offset - this.#delimiter.length + 1;
    return this.#firstDelimiterEnd(Math.max(start, after), end) ?? end;
  }

  #firstDelimiterEnd(start: number, end: number): number | null {
    for (let at = start + this.#delimiter.length; at <= end; at += 1) {
      if (this.#endsAt(at, start)) return at;
    }
    return null;
  }

  #lastDelimiterEnd(start: number, end: number): number {
    for (let at = end; at > start; at -= 1) if (this.#endsAt(at, start)) return at;
    return start;
  }

  #endsAt(end: number, start: number): boolean {
    const first = end - this.#delimiter.length;
    if (first < start) return false;
    return this.#delimiter.every((byte, index) => this.#bytes[first + index] === byte);
  }
}
