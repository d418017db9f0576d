import { availableParallelism } from "node:os";
import { MessageChannel } from "node:worker_threads";
import type { ByteSource } from "../../../shared/select/byte-source.ts";
import type { DetectedSchema } from "../../../shared/select/schema.ts";
import type { SelectEvent, SelectRequest } from "../../../shared/select/select-request.ts";
import type { detect } from "../detect/index.ts";
import { MemoryPool } from "../blocks/memory-pool.ts";
import { isInBlocks, selectByBlocks } from "../blocks/select-blocks.ts";
import { parseQuery } from "../sql/parse-query.ts";
import { draw } from "./port-stream.ts";
import { serveReads } from "./remote-source.ts";
import { startThread } from "./start-thread.ts";
import { createThreadCrew } from "./thread-crew.ts";
import { QueryThread } from "./thread.ts";

/** What a thread is asked about a whole object. */
type Question =
  { readonly kind: "query"; readonly request: SelectRequest } | { readonly kind: "detect" };

/** A smaller object is answered by one thread: handing its blocks about would take longer; in bytes. */
const MIN_SHARED_BYTES = 2 * 1024 * 1024;

/**
 * Answers a query by reading the object's bytes, and no more of them than it needs.
 * @throws SelectError; what the source throws; the signal's reason
 */
export type Select = (
  request: SelectRequest,
  source: ByteSource,
  signal: AbortSignal,
) => AsyncGenerator<SelectEvent, void, undefined>;

/** What answers queries. */
export interface QueryEngine {
  readonly select: Select;
  /** Finds out what an object seems to be. */
  readonly detect: typeof detect;
}

/** Answers queries in threads of their own: the thread that asks only reads the bytes. */
export interface QueryThreads extends QueryEngine {
  /** Ends the threads, and whatever they answer. */
  close(): Promise<void>;
}

/** Reading would not keep up with more. */
const MOST_THREADS = 4;

/** Each thread has a block to scan and one that waits. */
const SLOTS_PER_THREAD = 2;

/**
 * @param threadCount threads at most, unless said otherwise one a processor up to four; they start when they are needed
 * @param memories for queries that all threads share
 */
export function startQueryThreads(
  threadCount = Math.min(MOST_THREADS, availableParallelism()),
  memories = new MemoryPool(threadCount * SLOTS_PER_THREAD),
): QueryThreads {
  const threads = new Map<number, QueryThread>();
  let nextTaskId = 0;

  return {
    async *select(request, source, signal) {
      // What is wrong with the expression is known before any thread is.
      const query = parseQuery(request.sql);
      const { input, sql } = request;
      const isShared =
        isInBlocks(input) && input.compression === "NONE" && source.sizeBytes >= MIN_SHARED_BYTES;
      if (isShared) {
        const crew = createThreadCrew(all(), nextTaskId++, sql, memories.lend());
        yield* selectByBlocks(request, query, source, crew, signal);
      } else {
        yield* askThread<SelectEvent>(leastUsed(), { kind: "query", request }, source, signal);
      }
    },
    async detect(source, signal) {
      const found = askThread<DetectedSchema>(leastUsed(), { kind: "detect" }, source, signal);
      for await (const schema of found) return schema;
      throw new Error("The thread has found out nothing");
    },
    async close() {
      await Promise.all(Array.from(threads.values(), (thread) => thread.end()));
    },
  };

  function leastUsed(): QueryThread {
    return all().reduce((least, each) => (each.useCount < least.useCount ? each : least));
  }

  function all(): readonly QueryThread[] {
    return Array.from({ length: threadCount }, (_, index) => threadAt(index));
  }

  /** Where a thread has ended, another one takes its place. */
  function threadAt(index: number): QueryThread {
    const known = threads.get(index);
    if (known) return known;
    const thread = new QueryThread(startThread());
    threads.set(index, thread);
    thread.start(() => {
      if (threads.get(index) === thread) threads.delete(index);
    });
    return thread;
  }
}

/** Has one thread do what is asked about an object that this one reads. */
async function* askThread<Found>(
  thread: QueryThread,
  request: Question,
  source: ByteSource,
  signal: AbortSignal,
): AsyncGenerator<Found, void, undefined> {
  const found = new MessageChannel();
  const reads = new MessageChannel();
  const stop = new AbortController();
  serveReads(source, reads.port1, AbortSignal.any([signal, stop.signal]));
  const { sizeBytes } = source;
  const ports = { found: found.port2, reads: reads.port2 };
  thread.use();
  thread.post({ ...request, sizeBytes, ...ports }, Object.values(ports));
  try {
    yield* draw<Found>(found.port1, signal, () => thread.lossOf());
  } finally {
    thread.release();
    stop.abort();
    reads.port1.close();
  }
}
