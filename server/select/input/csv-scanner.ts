import { SelectError } from "../../../shared/select/select-error.ts";
import type { CsvInput } from "../../../shared/select/csv-input.ts";
import { CsvRow } from "./csv-row.ts";
import { markLengthOf } from "./byte-order-mark.ts";
import { MAX_RECORD_BYTES, recordTooLong } from "./limits.ts";

/**
 * Takes a record.
 * @param offset of its first byte in the object
 * @returns false where no more are wanted
 */
export type TakeRow = (row: CsvRow, offset: number) => boolean;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** No byte: what is switched off. */
const NONE = -1;

/** The record goes on beyond the bytes at hand. */
const UNFINISHED = -1;

/** Finds records and fields in the bytes of a CSV object, whatever pieces they come in. */
export class CsvScanner {
  readonly #take: TakeRow;
  readonly #row: CsvRow;
  readonly #field: number;
  readonly #record: number;
  /** The delimiter's second byte. */
  readonly #recordTail: number;
  readonly #quote: number;
  readonly #escape: number;
  readonly #comment: number;
  readonly #allowsQuotedRecordDelimiter: boolean;
  #rest: Uint8Array = new Uint8Array(0);
  #offset: number;
  #isOver = false;

  /** @param offset of the first byte that will come, which begins a record */
  constructor(input: CsvInput, take: TakeRow, offset = 0) {
    this.#take = take;
    this.#offset = offset;
    this.#field = byteOf(input.fieldDelimiter);
    this.#record = byteOf(input.recordDelimiter.slice(0, 1));
    this.#recordTail = byteOf(input.recordDelimiter.slice(1));
    this.#quote = byteOf(input.quote);
    this.#escape = byteOf(input.quoteEscape);
    this.#comment = byteOf(input.comment);
    this.#allowsQuotedRecordDelimiter = input.allowsQuotedRecordDelimiter;
    this.#row = new CsvRow(this.#escape);
  }

  /** No more records are wanted. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Takes more bytes. */
  push(piece: Uint8Array): void {
    if (this.#isOver) return;
    const bytes = this.#rest.length === 0 ? piece : joined(this.#rest, piece);
    const used = this.#scan(bytes, false);
    this.#offset += used;
    this.#rest = bytes.slice(used);
    if (this.#rest.length > MAX_RECORD_BYTES && !this.#isOver) throw recordTooLong();
  }

  /** There are no more bytes. */
  end(): void {
    if (this.#isOver || this.#rest.length === 0) return;
    this.#scan(this.#rest, true);
  }

  /** Scans whole records and answers how many bytes they are. */
  #scan(bytes: Uint8Array, isLast: boolean): number {
    let start = this.#offset === 0 ? markLengthOf(bytes) : 0;
    while (start < bytes.length && !this.#isOver) {
      const next = this.#scanRecord(bytes, start, isLast);
      if (next === UNFINISHED) break;
      if (next - start > MAX_RECORD_BYTES) throw recordTooLong();
      start = next;
    }
    return start;
  }

  /** Scans one record, hands it out, and answers where the next one begins. */
  #scanRecord(bytes: Uint8Array, start: number, isLast: boolean): number {
    if (bytes[start] === this.#comment) return this.#skipLine(bytes, start, isLast);
    const row = this.#row;
    row.begin(bytes);
    let at = start;
    for (;;) {
      const isQuoted = bytes[at] === this.#quote && at < bytes.length;
      const end = isQuoted ? this.#quotedEnd(bytes, at, isLast) : this.#plainEnd(bytes, at, isLast);
      if (end === UNFINISHED) return UNFINISHED;
      if (end < bytes.length && bytes[end] === this.#field) {
        at = end + 1;
        // A field delimiter at the very end has an empty field behind it.
        if (at === bytes.length && !isLast) return UNFINISHED;
        continue;
      }
      const next = end < bytes.length ? end + (this.#recordTail === NONE ? 1 : 2) : end;
      this.#handOut(bytes, start, end);
      return next;
    }
  }

  #handOut(bytes: Uint8Array, start: number, end: number): void {
    const isEmpty = end === start || (end === start + 1 && this.#endsWithReturn(bytes, end));
    if (isEmpty) return;
    if (!this.#take(this.#row, this.#offset + start)) this.#isOver = true;
  }

  /** Where lines end by a line feed alone, a carriage return before it belongs to the line's end. */
  #endsWithReturn(bytes: Uint8Array, end: number): boolean {
    return (
      this.#record === LINE_FEED && this.#recordTail === NONE && bytes[end - 1] === CARRIAGE_RETURN
    );
  }

  /** Adds the field that begins at `start`, and answers where it ends. */
  #plainEnd(bytes: Uint8Array, start: number, isLast: boolean): number {
    const field = this.#field;
    const record = this.#record;
    let at = start;
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === field) break;
      if (byte !== record) continue;
      if (this.#recordTail === NONE) break;
      if (at + 1 === bytes.length && !isLast) return UNFINISHED;
      if (bytes[at + 1] === this.#recordTail) break;
    }
    if (at === bytes.length && !isLast) return UNFINISHED;
    const isLineEnd = at === bytes.length || bytes[at] === record;
    const isReturn = isLineEnd && at > start && this.#endsWithReturn(bytes, at);
    this.#row.add(start, isReturn ? at - 1 : at, false);
    return at;
  }

  /** The same for a field that begins with a quote. */
  #quotedEnd(bytes: Uint8Array, start: number, isLast: boolean): number {
    let isEscaped = false;
    for (let at = start + 1; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === this.#escape && this.#escape !== this.#quote) {
        isEscaped = true;
        at += 1;
      } else if (byte === this.#quote) {
        if (at + 1 === bytes.length && !isLast) return UNFINISHED;
        if (this.#escape === this.#quote && bytes[at + 1] === this.#quote) {
          isEscaped = true;
          at += 1;
        } else return this.#closeQuoted(bytes, start, at, isEscaped, isLast);
      } else if (
        byte === this.#record &&
        !this.#allowsQuotedRecordDelimiter &&
        this.#isRecordEnd(bytes, at)
      ) {
        const detail =
          "A quoted field holds a record delimiter; say that this is allowed (AllowQuotedRecordDelimiter).";
        throw new SelectError("CSVEscapingRecordDelimiter", detail);
      }
    }
    if (!isLast) return UNFINISHED;
    const detail = `The quote at byte ${this.#offset + start} is never closed.`;
    throw new SelectError("CSVUnescapedQuote", detail);
  }

  #isRecordEnd(bytes: Uint8Array, at: number): boolean {
    return this.#recordTail === NONE || bytes[at + 1] === this.#recordTail;
  }

  /** Behind its closing quote a field ends. */
  #closeQuoted(
    bytes: Uint8Array,
    start: number,
    close: number,
    isEscaped: boolean,
    isLast: boolean,
  ): number {
    let at = close + 1;
    if (this.#record === LINE_FEED && this.#recordTail === NONE && bytes[at] === CARRIAGE_RETURN) {
      if (at + 1 === bytes.length && !isLast) return UNFINISHED;
      if (at + 1 === bytes.length || bytes[at + 1] === LINE_FEED) at += 1;
    }
    if (
      this.#recordTail !== NONE &&
      bytes[at] === this.#record &&
      at + 1 === bytes.length &&
      !isLast
    ) {
      return UNFINISHED;
    }
    const isEnd =
      at >= bytes.length ||
      bytes[at] === this.#field ||
      (bytes[at] === this.#record && this.#isRecordEnd(bytes, at));
    if (!isEnd) {
      const detail = `Behind the closing quote at byte ${this.#offset + close} a delimiter was expected.`;
      throw new SelectError("CSVUnescapedQuote", detail);
    }
    this.#row.add(start + 1, close, isEscaped);
    return at;
  }

  #skipLine(bytes: Uint8Array, start: number, isLast: boolean): number {
    for (let at = start; at < bytes.length; at += 1) {
      if (bytes[at] === this.#record && this.#isRecordEnd(bytes, at)) {
        return at + (this.#recordTail === NONE ? 1 : 2);
      }
    }
    return isLast ? bytes.length : UNFINISHED;
  }
}

function byteOf(character: string): number {
  return character === "" ? NONE : character.charCodeAt(0);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
