/** Whole records, a line each. */
export interface RecordBatch {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each record ends, its line feed left out. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

const LINE_FEED = 10;
const NOTHING = new Uint8Array(0);

/** Cuts the text of an answer, which comes in pieces of any length, into batches of whole records. */
export class RecordCollector {
  readonly #encoder = new TextEncoder();
  readonly #onRecord: (bytes: Uint8Array, start: number, end: number) => void;
  /** The beginning of a record whose end has not come. */
  #tail: Uint8Array<ArrayBuffer>[] = [];
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #ends: number[] = [];
  #sizeBytes = 0;

  /** @param onRecord is shown each record before it is collected; the bytes are lent, not given */
  constructor(onRecord: (bytes: Uint8Array, start: number, end: number) => void) {
    this.#onRecord = onRecord;
  }

  /** Bytes of the records that wait to be taken. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  push(text: string): void {
    const encoded = this.#encoder.encode(text);
    const last = encoded.lastIndexOf(LINE_FEED);
    if (last < 0) {
      this.#tail.push(encoded);
      return;
    }
    const whole = joined([...this.#tail, encoded.subarray(0, last + 1)]);
    this.#tail = last + 1 < encoded.length ? [encoded.slice(last + 1)] : [];
    this.#collect(whole);
  }

  /** The records so far, or `null` where there are none; they are collected no longer. */
  take(): RecordBatch | null {
    if (this.#ends.length === 0) return null;
    const batch = { bytes: joined(this.#pieces), ends: Uint32Array.from(this.#ends) };
    this.#pieces = [];
    this.#ends = [];
    this.#sizeBytes = 0;
    return batch;
  }

  #collect(bytes: Uint8Array<ArrayBuffer>): void {
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      if (end > start) this.#onRecord(bytes, start, end);
      this.#ends.push(this.#sizeBytes + end);
      start = end + 1;
    }
    this.#pieces.push(bytes);
    this.#sizeBytes += bytes.length;
  }
}

function joined(pieces: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const [first = NOTHING] = pieces;
  if (pieces.length <= 1)
    return first.byteLength === first.buffer.byteLength ? first : first.slice();
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
