import type { ByteRange } from "../../../shared/byte-range.ts";
import type { ByteSource } from "../../../shared/select/byte-source.ts";
import { SelectError } from "../../../shared/select/select-error.ts";
import type { Progress } from "../output/progress.ts";

/** The bytes of an object by their ranges, each counted as it comes. */
export interface ObjectBytes {
  readonly sizeBytes: number;
  /** @throws SelectError `TruncatedInput` where fewer bytes come than there should be */
  fetch(range: ByteRange): Promise<Uint8Array>;
  /** Bytes that were fetched are done with: others may take their place. */
  release(bytes: Uint8Array): void;
}

/** Places that are kept for bytes to come. */
const MOST_FREE = 8;

/** Ranges of a source, whole. */
export function objectBytes(
  source: ByteSource,
  progress: Progress,
  signal: AbortSignal,
): ObjectBytes {
  const free: SharedArrayBuffer[] = [];
  const fill = async (bytes: Uint8Array<SharedArrayBuffer>, range: ByteRange): Promise<number> => {
    if (source.readShared) {
      const length = await source.readShared(bytes, range.start, signal);
      progress.countScanned(length);
      return length;
    }
    let length = 0;
    for await (const piece of progress.counted(source.read(range, signal))) {
      // More than was asked for is nobody's.
      bytes.set(piece.subarray(0, bytes.length - length), length);
      length += Math.min(piece.length, bytes.length - length);
    }
    return length;
  };
  const fetch = async (range: ByteRange): Promise<Uint8Array> => {
    const bytes = placeFor(range.end - range.start, free);
    const length = await fill(bytes, range);
    if (length === bytes.length) return bytes;
    const detail = `The object ends at byte ${range.start + length}, before it should; look whether it was changed meanwhile.`;
    throw new SelectError("TruncatedInput", detail);
  };
  const release = ({ buffer }: Uint8Array): void => {
    if (buffer instanceof SharedArrayBuffer && free.length < MOST_FREE) free.push(buffer);
  };
  return { sizeBytes: source.sizeBytes, fetch, release };
}

/** One of those that are free and hardly larger, or a new one: row groups are much alike. */
function placeFor(length: number, free: SharedArrayBuffer[]): Uint8Array<SharedArrayBuffer> {
  const fits = ({ byteLength }: SharedArrayBuffer) =>
    byteLength >= length && byteLength <= length * 1.5;
  const place = free.findIndex(fits);
  const [buffer = new SharedArrayBuffer(length + (length >> 4))] =
    place === -1 ? [] : free.splice(place, 1);
  return new Uint8Array(buffer, 0, length);
}
