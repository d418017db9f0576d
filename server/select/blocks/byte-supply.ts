import type { ByteRange } from "../../../shared/byte-range.ts";
import type { ByteSource } from "../../../shared/select/byte-source.ts";
import type { Compression } from "../../../shared/select/select-request.ts";
import { unpack } from "../input/decompress.ts";
import { readAhead } from "../input/read-ahead.ts";
import { GzipSupply } from "./gzip-supply.ts";
import type { KernelMemory } from "../kernel/web-assembly.ts";
import type { Progress } from "../output/progress.ts";

/** Gives bytes of an object in their order. */
export interface ByteSupply {
  /** Fills the target as far as there are bytes; answers how many there were. */
  fill(target: Uint8Array): Promise<number>;
  /** No more are wanted. */
  close(): Promise<void>;
}

/**
 * The bytes of a range of an object, unpacked; they are counted as they come.
 * @param memory that what is filled is in
 */
export function openSupply(
  source: ByteSource,
  range: ByteRange,
  compression: Compression,
  memory: KernelMemory,
  progress: Progress,
  signal: AbortSignal,
): ByteSupply {
  const { readInto } = source;
  if (compression === "NONE" && readInto) {
    return supplyInPlace(readInto.bind(source), range, progress, signal);
  }
  const raw = progress.counted(readAhead(source, range, signal, compression !== "BZIP2"));
  if (compression === "GZIP") return counting(new GzipSupply(raw, memory), progress);
  return supplyOfPieces(progress.processed(unpack(raw, compression)));
}

/** What was unpacked counts as it comes. */
function counting(supply: ByteSupply, progress: Progress): ByteSupply {
  return {
    async fill(target) {
      const filled = await supply.fill(target);
      progress.countProcessed(filled);
      return filled;
    },
    close: () => supply.close(),
  };
}

function supplyInPlace(
  readInto: NonNullable<ByteSource["readInto"]>,
  range: ByteRange,
  progress: Progress,
  signal: AbortSignal,
): ByteSupply {
  let at = range.start;
  return {
    async fill(target) {
      const wanted = target.subarray(0, range.end - at);
      await readInto(wanted, at, signal);
      signal.throwIfAborted();
      at += wanted.length;
      progress.countPlain(wanted.length);
      return wanted.length;
    },
    close: () => Promise.resolve(),
  };
}

function supplyOfPieces(pieces: AsyncIterable<Uint8Array>): ByteSupply {
  const iterator = pieces[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  return {
    async fill(target) {
      let filled = 0;
      while (filled < target.length) {
        if (rest.length === 0) {
          const next = await iterator.next();
          if (next.done === true) break;
          rest = next.value;
        }
        const taken = rest.subarray(0, target.length - filled);
        target.set(taken, filled);
        filled += taken.length;
        rest = rest.subarray(taken.length);
      }
      return filled;
    },
    close: async () => void (await iterator.return?.()),
  };
}
