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
  #text = "";
  #sentAt = -Infinity;
  #toldAt = Date.now();

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

  add(text: string): void {
    this.#text += text;
  }

  *events(): Iterable<SelectEvent> {
    const now = Date.now();
    if (
      this.#text.length >= PAYLOAD_BYTES ||
      (this.#text !== "" && now - this.#sentAt >= PAYLOAD_MS)
    ) {
      this.#sentAt = now;
      yield* this.#records();
    }
    if (now - this.#toldAt < PROGRESS_MS) return;
    this.#toldAt = now;
    yield { type: "progress", counts: this.#counts() };
  }

  *rest(): Iterable<SelectEvent> {
    yield* this.#records();
    yield { type: "stats", counts: this.#counts() };
  }

  *#records(): Iterable<SelectEvent> {
    const bytes = Buffer.from(this.#text);
    this.#text = "";
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
