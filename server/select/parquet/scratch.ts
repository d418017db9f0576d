/** Memory for one page at a time: it is used again for the next one. */
export class Scratch {
  #bytes = new Uint8Array(0);
  #dictionary: Scratch | null = null;

  /** Bytes of the given number, with whatever is in them; those taken before are gone. */
  take(length: number): Uint8Array {
    if (length > this.#bytes.length) this.#bytes = new Uint8Array(roomFor(length));
    return this.#bytes.subarray(0, length);
  }

  /** Memory for the dictionary of the same column, which pages do not take. */
  dictionary(): Scratch {
    this.#dictionary ??= new Scratch();
    return this.#dictionary;
  }
}

/** Pages of a column are hardly ever of one size: a few more bytes spare many a change. */
function roomFor(length: number): number {
  return length + (length >> 3);
}
