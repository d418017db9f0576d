import type { ByteRange } from "../../../shared/byte-range.ts";
import type { ObjectBytes } from "./object-bytes.ts";

/** The bytes of a range, fetched by windows as they are come to. */
export class ChunkBytes {
  readonly #object: ObjectBytes;
  readonly #windowBytes: number;
  readonly #end: number;
  #held: Uint8Array;
  #heldStart: number;
  #at: number;

  /**
   * @param windowBytes as many are fetched at once, if no more are asked for
   * @param held the first of the bytes, which were fetched before
   */
  constructor(
    object: ObjectBytes,
    { start, end }: ByteRange,
    windowBytes: number,
    held: Uint8Array = new Uint8Array(0),
  ) {
    this.#object = object;
    this.#windowBytes = windowBytes;
    this.#end = end;
    this.#held = held;
    this.#heldStart = start;
    this.#at = start;
  }

  /** Offset in the object of the byte that comes next. */
  get at(): number {
    return this.#at;
  }

  /** Bytes that are left. */
  get leftBytes(): number {
    return this.#end - this.#at;
  }

  /** The next bytes, without going on; fewer where there are no more. */
  async peek(length: number): Promise<Uint8Array> {
    const end = Math.min(this.#at + length, this.#end);
    if (end > this.#heldEnd || this.#at < this.#heldStart) await this.#fetch(end);
    const from = this.#at - this.#heldStart;
    return this.#held.subarray(from, from + end - this.#at);
  }

  /** Passes over bytes, which need not be fetched. */
  skip(length: number): void {
    this.#at += Math.min(length, this.leftBytes);
  }

  /**
   * Goes to an offset, and fetches what is needed from there on.
   * @param end of what is needed for sure, and is fetched at once if it is not held
   */
  async seek(offset: number, end: number): Promise<void> {
    this.#at = Math.min(offset, this.#end);
    const isHeld = this.#at >= this.#heldStart && Math.min(end, this.#end) <= this.#heldEnd;
    if (!isHeld) await this.#fetchExactly(Math.min(end, this.#end, this.#at + this.#windowBytes));
  }

  get #heldEnd(): number {
    return this.#heldStart + this.#held.length;
  }

  async #fetch(end: number): Promise<void> {
    await this.#fetchExactly(Math.min(this.#end, Math.max(end, this.#at + this.#windowBytes)));
  }

  /** Keeps what is held of it already. */
  async #fetchExactly(end: number): Promise<void> {
    const isWithin = this.#at >= this.#heldStart && this.#at <= this.#heldEnd;
    const kept = isWithin ? this.#held.subarray(this.#at - this.#heldStart) : new Uint8Array(0);
    const from = this.#at + kept.length;
    if (from >= end) return;
    const fetched = await this.#object.fetch({ start: from, end });
    this.#held = kept.length === 0 ? fetched : Buffer.concat([kept, fetched]);
    this.#heldStart = this.#at;
  }
}
