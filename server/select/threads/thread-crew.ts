import type { BlockCrew } from "../blocks/block-crew.ts";
import { createBlockMemory } from "../blocks/block-memory.ts";
import type { BlockTask } from "../blocks/block-scan.ts";
import type { QueryThread } from "./thread.ts";
import type { PlainTask } from "./thread-messages.ts";

/** Each thread has a block to scan and one that waits. */
const SLOTS_PER_THREAD = 2;

/** Threads that scan the blocks of one query, in turn. */
export function createThreadCrew(
  threads: readonly QueryThread[],
  taskId: number,
  sql: string,
): BlockCrew {
  const slotCount = threads.length * SLOTS_PER_THREAD;
  const memory = createBlockMemory(slotCount);
  for (const thread of threads) thread.use();
  let nextIndex = 0;
  return {
    memory,
    slotCount,
    begin(task) {
      const plain = toPlainTask(sql, task);
      for (const thread of threads) thread.post({ kind: "open", taskId, task: plain, memory });
    },
    scan(block, leftCount) {
      const thread = threads[nextIndex % threads.length];
      nextIndex += 1;
      if (thread === undefined) throw new RangeError("A crew has at least one thread");
      return thread.scan(taskId, block, leftCount);
    },
    close() {
      for (const thread of threads) {
        thread.post({ kind: "close", taskId });
        thread.release();
      }
    },
  };
}

function toPlainTask(sql: string, { input, output, header, now }: BlockTask): PlainTask {
  return { sql, input, output, header, now: now.toString() };
}
