import { SelectError } from "../../../shared/select/select-error.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** `true` for bytes before which a number or a word ends. */
const ENDS_SCALAR = new Uint8Array(256);
for (const character of ' \n\r\t,:"[]{}') ENDS_SCALAR[character.charCodeAt(0)] = 1;

/** Goes over one JSON value, from its first byte to its last, whatever pieces it comes in. */
export class JsonSpan {
  readonly #mostBytes: number;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #pieces: Uint8Array[] = [];
  #heldBytes = 0;
  #isKept = false;
  #isFresh = true;
  #isDone = false;
  #isScalar = false;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;

  /** @param mostBytes that are kept of a value */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** The value has come to its end. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** A number or a word: it ends before the byte that is none of it, or with the object. */
  get isScalar(): boolean {
    return this.#isScalar;
  }

  /** @param isKept its text will be asked for */
  begin(isKept: boolean): void {
    this.drop();
    this.#isKept = isKept;
    this.#isFresh = true;
    this.#isDone = false;
    this.#isScalar = false;
    this.#depth = 0;
    this.#isInString = false;
    this.#isEscaped = false;
  }

  /** Goes over the bytes of the value; answers the offset of the first that is none of it. */
  push(piece: Uint8Array, start: number): number {
    let at = start;
    if (this.#isFresh) this.#isScalar = !isOpening(piece[at] ?? 0);
    for (; at < piece.length && !this.#isDone; at += 1) {
      const byte = piece[at] ?? 0;
      if (this.#isScalar) {
        if (ENDS_SCALAR[byte] === 1 && !this.#isFresh) break;
        this.#isFresh = false;
      } else this.#step(byte);
    }
    if (this.#isScalar && at < piece.length) this.#isDone = true;
    if (this.#isKept && at > start) this.#hold(piece.slice(start, at));
    this.#isFresh = false;
    return at;
  }

  /** The text of a value that was kept. @throws SelectError `InvalidTextEncoding` */
  take(): string {
    const bytes = Buffer.concat(this.#pieces, this.#heldBytes);
    this.drop();
    try {
      return this.#decoder.decode(bytes);
    } catch {
      const detail = "A record is not UTF-8; only UTF-8 can be read.";
      throw new SelectError("InvalidTextEncoding", detail);
    }
  }

  drop(): void {
    this.#pieces = [];
    this.#heldBytes = 0;
  }

  #step(byte: number): void {
    if (this.#isInString) return this.#stepInString(byte);
    if (byte === QUOTE) this.#isInString = true;
    // `[` and `{`, `]` and `}` differ in one bit.
    else if ((byte | 0x20) === 0x7b) this.#depth += 1;
    else if ((byte | 0x20) === 0x7d) {
      this.#depth -= 1;
      if (this.#depth === 0) this.#isDone = true;
    }
  }

  #stepInString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) {
      this.#isInString = false;
      if (this.#depth === 0) this.#isDone = true;
    }
  }

  #hold(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#heldBytes += piece.length;
    if (this.#heldBytes <= this.#mostBytes) return;
    const detail = `A record is longer than ${this.#mostBytes} bytes; FROM S3Object[*].path[*] finds smaller ones.`;
    throw new SelectError("OverMaxRecordSize", detail);
  }
}

function isOpening(byte: number): boolean {
  return byte === QUOTE || (byte | 0x20) === 0x7b;
}
