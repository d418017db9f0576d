import type { ByteRange } from "../byte-range.ts";

/** Bytes of an object, by their offsets. */
export interface ByteSource {
  readonly sizeBytes: number;
  /**
   * The bytes of a range, in pieces of whatever size.
   * @throws whatever keeps them from being read; the signal's reason
   */
  read(range: ByteRange, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /**
   * Fills the target with the bytes from `start` on, all of which are there; for sources that can put them where they
   * are needed. Once that has settled, nothing more is written there.
   * @throws as `read`
   */
  readInto?(target: Uint8Array, start: number, signal: AbortSignal): Promise<void>;
  /**
   * Fills memory that threads share with the bytes from `start` on, for sources whose bytes another thread reads; answers
   * how many there were.
   * @throws as `read`
   */
  readShared?(
    target: Uint8Array<SharedArrayBuffer>,
    start: number,
    signal: AbortSignal,
  ): Promise<number>;
  /**
   * As `read`, in pieces that are there only until the next one is asked for; for sources that use their room again.
   */
  readLent?(range: ByteRange, signal: AbortSignal): AsyncIterable<Uint8Array>;
}
