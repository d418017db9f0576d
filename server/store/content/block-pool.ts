import { BLOCK_SIZE_BYTES } from "./ingest-messages.ts";

/**
 * Blocks of memory that move between threads. Moved, not shared: V8 copies into shared memory byte by byte as
 * it were, at a fifth of the speed.
 */
export interface BlockPool {
  /** A block that belongs to the caller; waits, in order, until one is free. */
  acquire(): Promise<ArrayBuffer>;
  release(block: ArrayBuffer): void;
  /** Makes up for a block that was lost with its thread. */
  replace(): void;
}

/** A pool of at most `blockCount` blocks, made as they are needed. */
export function createBlockPool(blockCount: number): BlockPool {
  const free: ArrayBuffer[] = [];
  const waiting: ((block: ArrayBuffer) => void)[] = [];
  let made = 0;

  function release(block: ArrayBuffer): void {
    const next = waiting.shift();
    if (next) next(block);
    else free.push(block);
  }

  return {
    acquire() {
      const block = free.pop();
      if (block) return Promise.resolve(block);
      if (made === blockCount) return new Promise((resolve) => waiting.push(resolve));
      made++;
      return Promise.resolve(new ArrayBuffer(BLOCK_SIZE_BYTES));
    },
    release,
    replace: () => release(new ArrayBuffer(BLOCK_SIZE_BYTES)),
  };
}
