import { MessageChannel } from "node:worker_threads";
import type { ByteSource } from "../../../shared/select/byte-source.ts";
import type { SelectEvent, SelectRequest } from "../../../shared/select/select-request.ts";
import { isInBlocks, selectByBlocks } from "../blocks/select-blocks.ts";
import { parseQuery } from "../sql/parse-query.ts";
import { draw } from "./port-stream.ts";
import { serveReads } from "./remote-source.ts";
import { startThread } from "./start-thread.ts";
import { createThreadCrew } from "./thread-crew.ts";
import { QueryThread } from "./thread.ts";

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

/** Answers queries in threads of their own. */
export interface QueryThreads {
  /** The thread that asks only reads the bytes. */
  readonly select: Select;
  /** Ends the threads, and whatever they answer. */
  close(): Promise<void>;
}

/** @param threadCount threads at most; they start when they are needed */
export function startQueryThreads(threadCount: number): QueryThreads {
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
        const crew = createThreadCrew(all(), nextTaskId++, sql);
        yield* selectByBlocks(request, query, source, crew, signal);
      } else yield* answerWhole(leastUsed(), request, source, signal);
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

async function* answerWhole(
  thread: QueryThread,
  request: SelectRequest,
  source: ByteSource,
  signal: AbortSignal,
): AsyncGenerator<SelectEvent, void, undefined> {
  const events = new MessageChannel();
  const reads = new MessageChannel();
  const stop = new AbortController();
  serveReads(source, reads.port1, AbortSignal.any([signal, stop.signal]));
  const { sizeBytes } = source;
  const ports = { events: events.port2, reads: reads.port2 };
  thread.use();
  thread.post({ kind: "query", request, sizeBytes, ...ports }, Object.values(ports));
  try {
    yield* draw<SelectEvent>(events.port1, signal, () => thread.lossOf());
  } finally {
    thread.release();
    stop.abort();
    reads.port1.close();
  }
}
