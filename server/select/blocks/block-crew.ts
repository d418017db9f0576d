import { setImmediate } from "node:timers/promises";
import type { KernelMemory } from "../kernel/web-assembly.ts";
import { createBlockMemory, type Block } from "./block-memory.ts";
import type { BlockAnswer, BlockTask, ScanBlock } from "./block-scan.ts";
import { openBlocks } from "./open-blocks.ts";

/** Who scans the blocks of a query. */
export interface BlockCrew {
  readonly memory: KernelMemory;
  /** Blocks that may be in the works at once. */
  readonly slotCount: number;
  /** Says what is asked, before any block comes. */
  begin(task: BlockTask): void;
  /** What fails within the block is in the answer. @throws what keeps it from being scanned at all */
  scan(block: Block, leftCount: number): Promise<BlockAnswer>;
  /** Nothing more will come. */
  close(): void;
}

/** Scans blocks in this thread, one after another; others have their turn in between. */
export function createLocalCrew(): BlockCrew {
  const memory = createBlockMemory(1);
  let scanBlock: ScanBlock | undefined;
  return {
    memory,
    slotCount: 1,
    begin: (task) => {
      scanBlock = openBlocks(task, memory);
    },
    async scan(block, leftCount) {
      if (scanBlock === undefined) throw new Error("Nothing was asked");
      const answer = scanBlock(block, leftCount);
      await setImmediate();
      return answer;
    },
    close: () => {},
  };
}
