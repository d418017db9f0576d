import type { ByteRange } from "../../../shared/byte-range.ts";
import type { ByteSource } from "../../../shared/select/byte-source.ts";

/** The first range is small: who stops soon has not asked for much, in bytes. */
const FIRST_RANGE_BYTES = 1024 * 1024;

/** Later ones cost a request each, and none of them lasts so long that its line breaks; in bytes. */
const MAX_RANGE_BYTES = 16 * 1024 * 1024;

/** So many are asked for at once, from the second on: while one comes, the others are on their way. */
const IN_FLIGHT = 3;

/** A range that was asked for. */
interface Asked {
  readonly pieces: AsyncIterator<Uint8Array>;
  readonly first: Promise<IteratorResult<Uint8Array>>;
}

/**
 * Reads a range of an object in several ranges, of which the next are asked for before they are needed. What has
 * arrived of them waits in the sockets.
 * @param areLent whoever reads a piece is done with it before the next one
 * @throws what the source throws
 */
export async function* readAhead(
  source: ByteSource,
  { start, end }: ByteRange,
  signal: AbortSignal,
  areLent = false,
): AsyncGenerator<Uint8Array, void, undefined> {
  const asked: Asked[] = [];
  const read = (range: ByteRange): AsyncIterable<Uint8Array> =>
    areLent && source.readLent ? source.readLent(range, signal) : source.read(range, signal);
  const ranges = rangesOf(start, end);
  const ask = (most: number): void => {
    while (asked.length < most) {
      const range = ranges.next();
      if (range.done === true) return;
      const pieces = read(range.value)[Symbol.asyncIterator]();
      const first = pieces.next();
      // Whoever waits for it hears of its failure; nobody may.
      first.catch(() => {});
      asked.push({ pieces, first });
    }
  };
  try {
    ask(1);
    for (let current = asked[0]; current !== undefined; current = asked[0]) {
      for (let piece = await current.first; !piece.done; piece = await current.pieces.next()) {
        yield piece.value;
      }
      asked.shift();
      ask(IN_FLIGHT);
    }
  } finally {
    await Promise.all(asked.map(({ pieces }) => pieces.return?.()));
  }
}

function* rangesOf(start: number, end: number): Generator<ByteRange, void, undefined> {
  let sizeBytes = FIRST_RANGE_BYTES;
  let at = start;
  while (at < end) {
    const range = { start: at, end: Math.min(end, at + sizeBytes) };
    yield range;
    at = range.end;
    sizeBytes = Math.min(MAX_RANGE_BYTES, sizeBytes * 4);
  }
}
