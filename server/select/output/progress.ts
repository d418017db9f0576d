import type { SelectCounts, SelectEvent } from "../../../shared/select/select-request.ts";

/** Answers leave once there is so much of them, in bytes … */
const PAYLOAD_BYTES = 64 * 1024;

/** … or so much time has passed, in milliseconds. */
const PAYLOAD_MS = 100;

/** How often progress is told, in milliseconds. */
const PROGRESS_MS = 500;

/** Counts bytes, and says when events are due. */
export class Progress {
  #bytesScanned = 0;
  #bytesProcessed = 0;
  #bytesReturned = 0;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #sentAt = -Infinity;
  #toldAt = Date.now();

  /** Bytes were read from the object that nothing wraps. */
  countPlain(sizeBytes: number): void {
    this.#bytesScanned += sizeBytes;
    this.#bytesProcessed += sizeBytes;
  }

  /** Bytes were read from the object, of which others say how many they make. */
  countScanned(sizeBytes: number): void {
    this.#bytesScanned += sizeBytes;
  }

  /** Bytes were unpacked that nothing wraps. */
  countProcessed(sizeBytes: number): void {
    this.#bytesProcessed += sizeBytes;
  }

  async *counted(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const piece of pieces) {
      this.#bytesScanned += piece.length;
      yield piece;
    }
  }

  async *processed(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const piece of pieces) {
      this.#bytesProcessed += piece.length;
      yield piece;
    }
  }

  /** Takes text of the answer, in UTF-8. */
  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  *events(): Iterable<SelectEvent> {
    const now = Date.now();
    const waiting = this.#waitingBytes;
    if (waiting >= PAYLOAD_BYTES || (waiting > 0 && now - this.#sentAt >= PAYLOAD_MS)) {
      this.#sentAt = now;
      yield* this.records();
    }
    if (now - this.#toldAt < PROGRESS_MS) return;
    this.#toldAt = now;
    yield { type: "progress", counts: this.#counts() };
  }

  *rest(): Iterable<SelectEvent> {
    yield* this.records();
    yield { type: "stats", counts: this.#counts() };
  }

  /** What there is, whether it is due or not. */
  *records(): Iterable<SelectEvent> {
    const [only] = this.#waiting;
    const bytes =
      only !== undefined && this.#waiting.length === 1 ? only : Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (let start = 0; start < bytes.length; start += PAYLOAD_BYTES) {
      const payload = bytes.subarray(start, start + PAYLOAD_BYTES);
      this.#bytesReturned += payload.length;
      yield { type: "records", payload };
    }
  }

  #counts(): SelectCounts {
    return {
      bytesScanned: this.#bytesScanned,
      bytesProcessed: this.#bytesProcessed,
      bytesReturned: this.#bytesReturned,
    };
  }
}
