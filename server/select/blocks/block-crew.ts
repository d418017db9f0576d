import { setImmediate } from "node:timers/promises";
import type { KernelMemory } from "../kernel/web-assembly.ts";
import type { Block } from "./block-memory.ts";
import type { BlockAnswer, BlockTask, ScanBlock } from "./block-scan.ts";
import type { MemoryLease } from "./memory-pool.ts";
import { openBlocks } from "./open-blocks.ts";

/** Who scans the blocks of a query. Owns the memory that they lie in. */
export interface BlockCrew {
  readonly memory: KernelMemory;
  /** Blocks that may be in the works at once. */
  readonly slotCount: number;
  /** Says what is asked, before any block comes. */
  begin(task: BlockTask): void;
  /** What fails within the block is in the answer. @throws what keeps it from being scanned at all */
  scan(block: Block, leftCount: number): Promise<BlockAnswer>;
  /** Has a block read into the memory, which stays the query's until that has settled. @throws what reading it does */
  fill(read: () => Promise<Block | null>): Promise<Block | null>;
  /** Nothing more will come, and what is still under way is nobody's: once it has settled, others get the memory. */
  close(): void;
}

/** Scans blocks in this thread, one after another; others have their turn in between. */
export function createLocalCrew(lease: MemoryLease): BlockCrew {
  const { memory, slotCount } = lease;
  let scanBlock: ScanBlock | undefined;
  return {
    memory,
    slotCount,
    begin: (task) => {
      scanBlock = openBlocks(task, memory);
    },
    scan: (block, leftCount) =>
      lease.hold(async () => {
        if (scanBlock === undefined) throw new Error("Nothing was asked");
        const answer = scanBlock(block, leftCount);
        await setImmediate();
        return answer;
      }),
    fill: (read) => lease.hold(read),
    close: () => lease.end(),
  };
}
