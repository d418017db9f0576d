import type { BlockCrew } from "../blocks/block-crew.ts";
import type { BlockTask } from "../blocks/block-scan.ts";
import type { MemoryLease } from "../blocks/memory-pool.ts";
import type { QueryThread } from "./thread.ts";
import type { PlainTask } from "./thread-messages.ts";

/** Threads that scan the blocks of one query, in turn. */
export function createThreadCrew(
  threads: readonly QueryThread[],
  taskId: number,
  sql: string,
  lease: MemoryLease,
): BlockCrew {
  const { memory, slotCount } = lease;
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
      return lease.hold(() => thread.scan(taskId, block, leftCount));
    },
    fill: (read) => lease.hold(read),
    close() {
      for (const thread of threads) {
        thread.post({ kind: "close", taskId });
        thread.release();
      }
      lease.end();
    },
  };
}

function toPlainTask(sql: string, { input, output, header, now }: BlockTask): PlainTask {
  return { sql, input, output, header, now: now.toString() };
}
