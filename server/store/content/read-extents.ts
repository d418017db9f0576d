import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import type { ByteRange } from "../../../shared/byte-range.ts";

/** A file, or a piece of one, whose bytes follow those of the extent before. */
export interface Extent {
  readonly path: string;
  /** Within the file. */
  readonly range: ByteRange;
}

/** Bytes read at once: larger ones gain nothing on a warm disk and cost memory a reader. */
const READ_SIZE_BYTES = 256 * 1024;

/**
 * The bytes of all extents in order. One file is open at a time; it is closed when the stream ends or
 * is destroyed, and `onClose` called then. Reads ahead by one buffer.
 */
export function readExtents(
  extents: Iterable<Extent>,
  onClose: () => void,
  signal?: AbortSignal,
): Readable {
  const stream = Readable.from(bytesOf(extents), {
    objectMode: false,
    highWaterMark: READ_SIZE_BYTES,
    ...(signal && { signal }),
  });
  // The generator's own `finally` does not run where nothing was ever read.
  stream.once("close", onClose);
  return stream;
}

async function* bytesOf(extents: Iterable<Extent>): AsyncGenerator<Uint8Array> {
  for (const { path, range } of extents) {
    if (range.end > range.start) yield* bytesOfFile(path, range);
  }
}

async function* bytesOfFile(path: string, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
  const file = await open(path, "r");
  try {
    for (let position = start; position < end;) {
      const buffer = Buffer.allocUnsafeSlow(Math.min(READ_SIZE_BYTES, end - position));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) throw endedEarly(position, end);
      position += bytesRead;
      yield bytesRead === buffer.length ? buffer : buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Takes bytes that are its own only until it resolves. */
export type TakeBytes = (bytes: Uint8Array) => Promise<void>;

/**
 * Hands the bytes of all extents to `take`, in order, in two buffers that are used again and again: one is
 * filled while the other is on its way. A stream would have to make a buffer for every read, and collecting
 * those costs as much as reading them.
 * @throws the signal's reason, and what reading and `take` throw
 */
export async function pumpExtents(
  extents: Iterable<Extent>,
  take: TakeBytes,
  signal?: AbortSignal,
): Promise<void> {
  const buffers = [allocateBuffer(), allocateBuffer()] as const;
  let turn: 0 | 1 = 0;
  let taken: Promise<void> = Promise.resolve();
  try {
    for (const { path, range } of extents) {
      const file = await open(path, "r");
      try {
        for (let position = range.start; position < range.end;) {
          signal?.throwIfAborted();
          const wanted = Math.min(READ_SIZE_BYTES, range.end - position);
          const buffer = buffers[turn];
          const { bytesRead } = await file.read(buffer, 0, wanted, position);
          if (bytesRead === 0) throw endedEarly(position, range.end);
          await taken;
          taken = take(buffer.subarray(0, bytesRead));
          // Its failure is met at the next `await`; until then it is nobody's.
          taken.catch(() => undefined);
          position += bytesRead;
          turn = turn === 0 ? 1 : 0;
        }
      } finally {
        await file.close();
      }
    }
  } finally {
    await taken;
  }
}

function allocateBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(READ_SIZE_BYTES);
}

function endedEarly(position: number, end: number): Error {
  return new Error(`A content file ends at ${position}, before ${end}`);
}
