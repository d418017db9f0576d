import type { BlockCrew } from "./block-crew.ts";
import type { Block } from "./block-memory.ts";
import type { BlockReader } from "./block-reader.ts";
import type { BlockAnswer } from "./block-scan.ts";

/** A block that somebody scans. */
interface Scanning {
  readonly slot: number;
  readonly answer: Promise<BlockAnswer>;
  isDone: boolean;
}

/**
 * Reads blocks and has them scanned, as many at once as there are slots, and hands out what comes of them in the order
 * of the object.
 * @param first was read before; null where its slot is free
 * @param leftCount records that are wanted at most
 * @throws what the reader and the crew throw, behind all that came before it
 */
export async function* blocksInOrder(
  first: Block | null,
  reader: Pick<BlockReader, "next">,
  crew: Pick<BlockCrew, "slotCount" | "scan">,
  leftCount: () => number,
  signal: AbortSignal,
): AsyncGenerator<BlockAnswer, void, undefined> {
  const free = Array.from({ length: crew.slotCount }, (_, index) => index);
  const scanning: Scanning[] = [];
  let reading: Promise<void> | null = null;
  let end: { readonly error: unknown } | null = null;
  let isFirst = true;

  const begin = (block: Block): void => {
    scanning.push(scanningOf(block, crew.scan(block, leftCount())));
  };
  const read = async (slot: number): Promise<void> => {
    try {
      const block = await reader.next(slot);
      if (block === null) end = { error: null };
      else begin(block);
    } catch (error) {
      end = { error };
    } finally {
      reading = null;
    }
  };

  if (first !== null) {
    free.splice(free.indexOf(first.slot), 1);
    begin(first);
  }
  for (;;) {
    signal.throwIfAborted();
    // The first block may be all that is wanted.
    const isEnough = isFirst && scanning.length > 0 && leftCount() !== Infinity;
    const slot = reading === null && end === null && !isEnough ? free.pop() : undefined;
    if (slot !== undefined) reading = read(slot);
    const oldest = scanning[0];
    if (oldest !== undefined && !oldest.isDone) {
      await Promise.race(reading === null ? [oldest.answer] : [oldest.answer, reading]);
    } else if (oldest !== undefined) {
      scanning.shift();
      free.push(oldest.slot);
      isFirst = false;
      yield await oldest.answer;
    } else if (reading !== null) await reading;
    else return finish(end);
  }
}

function scanningOf({ slot }: Block, answer: Promise<BlockAnswer>): Scanning {
  const entry: Scanning = {
    slot,
    isDone: false,
    answer: answer.finally(() => {
      entry.isDone = true;
    }),
  };
  // Whoever takes it hears of its failure; nobody may.
  entry.answer.catch(() => {});
  return entry;
}

function finish(end: { readonly error: unknown } | null): void {
  if (end !== null && end.error !== null) throw end.error;
}
