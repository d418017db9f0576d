import { damaged } from "../fault.ts";
import { bitsAt } from "../hybrid.ts";

export function malformed(): Error {
  return damaged("a page that Zstandard has packed is not sound");
}

/** Bits of a stream that is read from its beginning. */
export class ForwardBits {
  readonly #bytes: Uint8Array;
  #bit: number;

  /** @param start the first byte */
  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#bit = start * 8;
  }

  /** The byte behind those that were begun. */
  get nextByte(): number {
    return Math.ceil(this.#bit / 8);
  }

  peek(width: number): number {
    return bitsAt(this.#bytes, this.#bit, width);
  }

  skip(width: number): void {
    this.#bit += width;
    if (this.nextByte > this.#bytes.length) throw malformed();
  }

  read(width: number): number {
    const value = this.peek(width);
    this.skip(width);
    return value;
  }
}

/**
 * Bits of a stream that is read from its end, where a single bit stands before them.
 * @see https://www.rfc-editor.org/rfc/rfc8878#name-bitstream
 */
export class BackwardBits {
  readonly #bytes: Uint8Array;
  /** How many are left; negative once more were read than there are, all of them 0. */
  left: number;

  constructor(bytes: Uint8Array) {
    const last = bytes.at(-1) ?? 0;
    if (last === 0) throw malformed();
    this.#bytes = bytes;
    this.left = bytes.length * 8 - 8 + (31 - Math.clz32(last));
  }

  /** @param width up to 31 */
  read(width: number): number {
    const value = this.peek(width);
    this.left -= width;
    return value;
  }

  peek(width: number): number {
    const start = this.left - width;
    if (start >= 0) return bitsAt(this.#bytes, start, width);
    return this.left <= 0 ? 0 : bitsAt(this.#bytes, 0, this.left) << -start;
  }
}
