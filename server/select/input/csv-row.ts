import { SelectError } from "../../../shared/select/select-error.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Below this a loop is faster than a call of the decoder, in bytes. */
const SHORT_FIELD_BYTES = 12;

/** The fields of a record, as they are asked for. */
export interface CsvRecord {
  /**
   * The text of a field, from 0; null behind the last one.
   * @throws SelectError `InvalidTextEncoding` for what is not UTF-8
   */
  text(index: number): string | null;
  /** The texts of all fields. */
  texts(): string[];
}

/**
 * Where the fields of one record lie. One row is used for all records in turn, so that a record that nobody wants
 * costs no text.
 */
export class CsvRow implements CsvRecord {
  fieldCount = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #starts = new Int32Array(64);
  #ends = new Int32Array(64);
  /** 1 where escapes have to be taken out. */
  #escaped = new Uint8Array(64);
  readonly #escape: number;

  /** @param escape the byte that takes the next one at its word in a quoted field */
  constructor(escape: number) {
    this.#escape = escape;
  }

  /** Begins a record in some bytes. */
  begin(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.fieldCount = 0;
  }

  /** Adds a field, from `start` to before `end`. */
  add(start: number, end: number, isEscaped: boolean): void {
    if (this.fieldCount === this.#starts.length) this.#grow();
    this.#starts[this.fieldCount] = start;
    this.#ends[this.fieldCount] = end;
    this.#escaped[this.fieldCount] = isEscaped ? 1 : 0;
    this.fieldCount += 1;
  }

  /**
   * The text of a field, from 0; null behind the last one.
   * @throws SelectError `InvalidTextEncoding` for what is not UTF-8
   */
  text(index: number): string | null {
    if (index >= this.fieldCount) return null;
    const start = this.#starts[index] ?? 0;
    const end = this.#ends[index] ?? 0;
    return this.#escaped[index] === 1
      ? escapedText(this.#bytes, start, end, this.#escape)
      : fieldText(this.#bytes, start, end);
  }

  /** The texts of all fields. */
  texts(): string[] {
    return Array.from({ length: this.fieldCount }, (_, index) => this.text(index) ?? "");
  }

  #grow(): void {
    const size = this.#starts.length * 2;
    const starts = new Int32Array(size);
    const ends = new Int32Array(size);
    const escaped = new Uint8Array(size);
    starts.set(this.#starts);
    ends.set(this.#ends);
    escaped.set(this.#escaped);
    this.#starts = starts;
    this.#ends = ends;
    this.#escaped = escaped;
  }
}

/** The text of a field. @throws SelectError `InvalidTextEncoding` for what is not UTF-8 */
export function fieldText(bytes: Uint8Array, start: number, end: number): string {
  const short = end - start <= SHORT_FIELD_BYTES ? shortText(bytes, start, end) : null;
  return short ?? decodeText(bytes, start, end);
}

/** The same for one whose escapes have to be taken out. */
export function escapedText(bytes: Uint8Array, start: number, end: number, escape: number): string {
  const kept = new Uint8Array(end - start);
  let length = 0;
  for (let index = start; index < end; index += 1) {
    if (bytes[index] === escape && index + 1 < end) index += 1;
    kept[length] = bytes[index] ?? 0;
    length += 1;
  }
  return decodeText(kept, 0, length);
}

/** Null where a byte is none of ASCII. */
function shortText(bytes: Uint8Array, start: number, end: number): string | null {
  let text = "";
  for (let index = start; index < end; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte > 127) return null;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** The text from `start` to before `end`. @throws SelectError `InvalidTextEncoding` for what is not UTF-8 */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  // Buffers decode faster, and put the replacement character where there is nothing to decode.
  const text = Buffer.isBuffer(bytes) ? bytes.toString("utf8", start, end) : REPLACEMENT;
  return text.includes(REPLACEMENT) ? decodeStrictly(bytes.subarray(start, end)) : text;
}

const REPLACEMENT = "\ufffd";

function decodeStrictly(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new SelectError("InvalidTextEncoding", "A field is not UTF-8; only UTF-8 can be read.");
  }
}
