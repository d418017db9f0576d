import type { ByteRange } from "../../../shared/byte-range.ts";
import { TransferError } from "../problem.ts";
import type { ByteStream } from "../uploader.ts";
import type { ByteSource } from "./byte-source.ts";

/** Small pieces of a stream are gathered up to this before they become a blob, in bytes. */
const PIECE_BYTES = 1024 * 1024;

/** Makes the source of a stream; nothing is read before `fill`. */
export function createStreamSource(stream: ByteStream): ByteSource {
  return new StreamSource(stream);
}

/** Bytes in one blob, outside of our memory. */
interface Piece extends ByteRange {
  readonly blob: Blob;
}

/** Bytes of a stream, kept from being read until the storage has them. */
class StreamSource implements ByteSource {
  readonly isSeekable = false;
  readonly #open: (() => ReadableStream<Uint8Array>) | null;
  #reader: ReadableStreamDefaultReader<Uint8Array> | null;
  /** In order, without a gap but for what was released. */
  #kept: Piece[] = [];
  #fresh: Uint8Array<ArrayBuffer>[] = [];
  #wrappedBytes = 0;
  #sizeBytes = 0;
  #hasEnded = false;
  #hasReleased = false;
  #filling: Promise<void> = Promise.resolve();

  constructor(stream: ByteStream) {
    this.#open = typeof stream === "function" ? stream : null;
    this.#reader = typeof stream === "function" ? null : stream.getReader();
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get isSizeKnown(): boolean {
    return this.#hasEnded;
  }

  fill(end: number, signal: AbortSignal): Promise<void> {
    // One after another: a reader answers its reads in order, and so do we.
    const read = () => this.#readTo(end, signal);
    this.#filling = this.#filling.then(read, read);
    return this.#filling;
  }

  slice({ start, end }: ByteRange): Blob {
    this.#wrapFresh();
    this.#splitAt(start);
    this.#splitAt(end);
    const pieces = this.#kept.filter((piece) => piece.start >= start && piece.end <= end);
    const blob = new Blob(pieces.map((piece) => piece.blob));
    if (blob.size !== end - start) throw new RangeError(`Bytes ${start} to ${end} are not at hand`);
    return blob;
  }

  release({ start, end }: ByteRange): void {
    this.#hasReleased = true;
    this.#kept = this.#kept.filter((piece) => piece.start < start || piece.end > end);
  }

  async check(): Promise<null> {
    return null;
  }

  rewind(): boolean {
    if (!this.#hasReleased) return true;
    if (this.#open === null) return false;
    void this.#reader?.cancel().catch(() => undefined);
    this.#reader = null;
    this.#kept = [];
    this.#fresh = [];
    this.#wrappedBytes = 0;
    this.#sizeBytes = 0;
    this.#hasEnded = false;
    this.#hasReleased = false;
    return true;
  }

  async #readTo(end: number, signal: AbortSignal): Promise<void> {
    this.#reader ??= this.#open?.().getReader() ?? null;
    while (!this.#hasEnded && this.#sizeBytes < end) {
      signal.throwIfAborted();
      const { done, value } = await this.#read();
      if (done) this.#hasEnded = true;
      else this.#take(value);
    }
  }

  async #read(): Promise<ReadableStreamReadResult<Uint8Array>> {
    try {
      if (this.#reader === null) throw new TypeError("There is no stream");
      return await this.#reader.read();
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new TransferError("stream-failed", "permanent", `The stream failed: ${said}`, {
        cause,
      });
    }
  }

  #take(value: Uint8Array): void {
    // Copied: whoever made the stream may use its buffer again.
    this.#fresh.push(new Uint8Array(value));
    this.#sizeBytes += value.byteLength;
    if (this.#sizeBytes - this.#wrappedBytes >= PIECE_BYTES) this.#wrapFresh();
  }

  #wrapFresh(): void {
    if (this.#fresh.length === 0) return;
    const blob = new Blob(this.#fresh);
    this.#kept.push({ start: this.#wrappedBytes, end: this.#sizeBytes, blob });
    this.#wrappedBytes = this.#sizeBytes;
    this.#fresh = [];
  }

  /** So that every piece belongs to one part and can be released with it. */
  #splitAt(offset: number): void {
    const index = this.#kept.findIndex(({ start, end }) => start < offset && offset < end);
    const piece = this.#kept[index];
    if (piece === undefined) return;
    const { start, end, blob } = piece;
    const head = { start, end: offset, blob: blob.slice(0, offset - start) };
    const tail = { start: offset, end, blob: blob.slice(offset - start) };
    this.#kept.splice(index, 1, head, tail);
  }
}
