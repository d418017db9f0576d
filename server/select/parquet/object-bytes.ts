import type { ByteRange } from "../../../shared/byte-range.ts";
import type { ByteSource } from "../../../shared/select/byte-source.ts";
import { SelectError } from "../../../shared/select/select-error.ts";
import type { Progress } from "../output/progress.ts";

/** The bytes of an object by their ranges, each counted as it comes. */
export interface ObjectBytes {
  readonly sizeBytes: number;
  /** @throws SelectError `TruncatedInput` where fewer bytes come than there should be */
  fetch(range: ByteRange): Promise<Uint8Array>;
}

/** Ranges of a source, whole. */
export function objectBytes(
  source: ByteSource,
  progress: Progress,
  signal: AbortSignal,
): ObjectBytes {
  const fetch = async (range: ByteRange): Promise<Uint8Array> => {
    const bytes = Buffer.allocUnsafeSlow(range.end - range.start);
    let length = 0;
    for await (const piece of progress.counted(source.read(range, signal))) {
      // More than was asked for is nobody's.
      bytes.set(piece.subarray(0, bytes.length - length), length);
      length += Math.min(piece.length, bytes.length - length);
    }
    if (length === bytes.length) return bytes;
    const detail = `The object ends at byte ${range.start + length}, before it should; look whether it was changed meanwhile.`;
    throw new SelectError("TruncatedInput", detail);
  };
  return { sizeBytes: source.sizeBytes, fetch };
}
