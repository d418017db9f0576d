import { SelectError } from "../../../shared/select/select-error.ts";
import { isMark } from "./byte-order-mark.ts";
import { MAX_RECORD_BYTES } from "./limits.ts";

/**
 * Takes the text of one root value.
 * @param offset of its first byte in the object
 * @returns false where no more are wanted
 */
export type TakeRootText = (text: string, offset: number) => boolean;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_STRUCTURE = 0x7b;
const CLOSE_STRUCTURE = 0x7d;

/** Finds the root values of a JSON object, which follow one another with or without space between. */
export class JsonScanner {
  readonly #take: TakeRootText;
  readonly #mostBytes: number;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #pieces: Uint8Array[] = [];
  #heldBytes = 0;
  #offset: number;
  #startOffset = 0;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** Within a number or a word, which ends with the first byte that is none of it. */
  #isInScalar = false;
  #isOver = false;

  /**
   * @param offset of the first byte that will come
   * @param mostBytes of one root value
   */
  constructor(take: TakeRootText, offset = 0, mostBytes = MAX_RECORD_BYTES) {
    this.#take = take;
    this.#offset = offset;
    this.#mostBytes = mostBytes;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  push(piece: Uint8Array): void {
    let start = this.#isWithin ? 0 : -1;
    for (let at = 0; at < piece.length && !this.#isOver; at += 1) {
      const byte = piece[at] ?? 0;
      if (start === -1) {
        if (isSpace(byte) || isMark(byte, this.#offset + at)) continue;
        start = at;
        this.#startOffset = this.#offset + at;
      }
      // A scalar ends before the byte that is none of it.
      if (this.#isInScalar && isScalarEnd(byte)) {
        this.#isInScalar = false;
        this.#finish(piece.subarray(start, at));
        start = -1;
        at -= 1;
      } else if (this.#step(byte)) {
        this.#finish(piece.subarray(start, at + 1));
        start = -1;
      }
    }
    if (start !== -1 && !this.#isOver) this.#hold(piece.slice(start));
    this.#offset += piece.length;
  }

  /** @throws SelectError `JSONParsingError` where a value is not finished */
  end(): void {
    if (this.#isOver || !this.#isWithin) return;
    if (this.#depth > 0 || this.#isInString) {
      const detail = `The value that begins at byte ${this.#startOffset} has no end.`;
      throw new SelectError("JSONParsingError", detail);
    }
    this.#finish(new Uint8Array(0));
  }

  get #isWithin(): boolean {
    return this.#heldBytes > 0;
  }

  /** Goes over a byte of a value; answers whether it ends with it. */
  #step(byte: number): boolean {
    if (this.#isInString) return this.#stepInString(byte);
    switch (byte) {
      case QUOTE:
        this.#isInString = true;
        return false;
      case OPEN_LIST:
      case OPEN_STRUCTURE:
        this.#depth += 1;
        return false;
      case CLOSE_LIST:
      case CLOSE_STRUCTURE:
        this.#depth -= 1;
        return this.#depth <= 0;
      default:
        if (this.#depth === 0) this.#isInScalar = true;
        return false;
    }
  }

  #stepInString(byte: number): boolean {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) {
      this.#isInString = false;
      return this.#depth === 0;
    }
    return false;
  }

  #hold(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#heldBytes += piece.length;
    if (this.#heldBytes > this.#mostBytes) throw tooLong(this.#mostBytes);
  }

  #finish(last: Uint8Array): void {
    this.#hold(last);
    const bytes = Buffer.concat(this.#pieces, this.#heldBytes);
    this.#pieces = [];
    this.#heldBytes = 0;
    this.#depth = 0;
    if (!this.#take(this.#decode(bytes), this.#startOffset)) this.#isOver = true;
  }

  #decode(bytes: Uint8Array): string {
    try {
      return this.#decoder.decode(bytes);
    } catch {
      throw new SelectError(
        "InvalidTextEncoding",
        "A record is not UTF-8; only UTF-8 can be read.",
      );
    }
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isScalarEnd(byte: number): boolean {
  return (
    isSpace(byte) ||
    byte === QUOTE ||
    byte === OPEN_LIST ||
    byte === OPEN_STRUCTURE ||
    byte === CLOSE_LIST ||
    byte === CLOSE_STRUCTURE
  );
}

function tooLong(mostBytes: number): SelectError {
  const detail = `A root value is longer than ${mostBytes} bytes.`;
  return new SelectError("OverMaxRecordSize", detail);
}
