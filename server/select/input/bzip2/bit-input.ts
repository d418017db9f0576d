import { endsTooSoon } from "./damage.ts";

/** As much as is looked at in one go, in bytes. */
const BUFFER_BYTES = 64 * 1024;

/** With fewer bytes than this, more are fetched: fifty codes of twenty bits fit in. */
const LOW_BYTES = 160;

/** Behind the last byte zeros are read, so that not every code has to look where the end is. */
const PADDING_BYTES = 2 * LOW_BYTES;

/** Bits of a stream of bytes, the highest of each byte first, whatever pieces the bytes come in. */
export class BitInput {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #bytes = new Uint8Array(BUFFER_BYTES + PADDING_BYTES);
  #piece: Uint8Array = new Uint8Array(0);
  #pieceAt = 0;
  #endBits = 0;
  #isOver = false;
  /** The bytes at hand. */
  readonly view = new DataView(this.#bytes.buffer);
  /** The next bit, counted from the view's first. */
  position = 0;

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** More has to be fetched by `fill` before the next `read`, or the next fifty codes. */
  get isLow(): boolean {
    return !this.#isOver && this.#endBits - this.position < 8 * LOW_BYTES;
  }

  /** More was read than there is. */
  get isPast(): boolean {
    return this.position > this.#endBits;
  }

  /** All bits were read. */
  get isAtEnd(): boolean {
    return this.#isOver && this.position >= this.#endBits;
  }

  /** Drops what was read, and fetches more up to the end. */
  async fill(): Promise<void> {
    const bytes = this.#bytes;
    const start = this.position >>> 3;
    let length = (this.#endBits >>> 3) - start;
    bytes.copyWithin(0, start, start + length);
    this.position &= 7;
    while (length < LOW_BYTES && !this.#isOver) {
      if (this.#pieceAt === this.#piece.length) {
        await this.#next();
        continue;
      }
      const end = this.#pieceAt + BUFFER_BYTES - length;
      const taken = this.#piece.subarray(this.#pieceAt, end);
      bytes.set(taken, length);
      length += taken.length;
      this.#pieceAt += taken.length;
    }
    if (this.#isOver) bytes.fill(0, length, length + PADDING_BYTES);
    this.#endBits = 8 * length;
  }

  async #next(): Promise<void> {
    const next = await this.#pieces.next();
    this.#piece = next.done ? new Uint8Array(0) : next.value;
    this.#pieceAt = 0;
    if (next.done) this.#isOver = true;
  }

  /**
   * A number of 1 to 24 bits.
   * @throws SelectError `TruncatedInput` where there are not so many
   */
  read(bitCount: number): number {
    const window = this.view.getUint32(this.position >>> 3) << (this.position & 7);
    this.position += bitCount;
    if (this.isPast) throw endsTooSoon();
    return window >>> (32 - bitCount);
  }

  /** Passes over what is left of a byte that was begun. */
  alignToByte(): void {
    this.position = (this.position + 7) & ~7;
  }

  /** No more is wanted. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}
