import { BLOCK_SIZE_BYTES } from "./ingest-messages.ts";

/** Blocks of shared memory; whoever wants one waits until one is free, in order. */
export interface BlockPool {
  readonly memory: SharedArrayBuffer;
  /** The index of a block that belongs to the caller until it is released. */
  acquire(): Promise<number>;
  release(blockIndex: number): void;
  bytes(blockIndex: number): Uint8Array;
}

/** A pool of `blockCount` blocks; memory is touched, and so resident, only as far as it is used. */
export function createBlockPool(blockCount: number): BlockPool {
  const memory = new SharedArrayBuffer(blockCount * BLOCK_SIZE_BYTES);
  const free = Array.from({ length: blockCount }, (_, index) => blockCount - 1 - index);
  const waiting: ((blockIndex: number) => void)[] = [];
  return {
    memory,
    acquire() {
      const blockIndex = free.pop();
      if (blockIndex !== undefined) return Promise.resolve(blockIndex);
      return new Promise((resolve) => waiting.push(resolve));
    },
    release(blockIndex) {
      const next = waiting.shift();
      if (next) next(blockIndex);
      else free.push(blockIndex);
    },
    bytes: (blockIndex) => new Uint8Array(memory, blockIndex * BLOCK_SIZE_BYTES, BLOCK_SIZE_BYTES),
  };
}
