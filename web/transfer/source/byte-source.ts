import type { ByteRange } from "../../../shared/byte-range.ts";
import type { TransferError } from "../problem.ts";

/** Where the bytes of an upload come from: a file, or a stream that is read on the way. */
export interface ByteSource {
  /** Bytes that can be had now, from the start on. */
  readonly sizeBytes: number;
  /** Nothing comes after `sizeBytes`. */
  readonly isSizeKnown: boolean;
  /** Any range can be had at any time, also one that was cut in another way before. */
  readonly isSeekable: boolean;
  /**
   * Reads on until `end` bytes are there, or all.
   * @throws TransferError `stream-failed`; the signal's reason
   */
  fill(end: number, signal: AbortSignal): Promise<void>;
  /** The bytes of one part, without a type; the same range may be asked for again until released. */
  slice(range: ByteRange): Blob;
  /** The storage has the bytes of this part: they are not asked for again. */
  release(range: ByteRange): void;
  /**
   * Whether the bytes are still those that were chosen, judged at one offset.
   * @returns `file-changed` or `file-unreadable`, or null where they are
   */
  check(offset: number): Promise<TransferError | null>;
  /** Begins again from the first byte; false where the bytes are gone. */
  rewind(): boolean;
}
