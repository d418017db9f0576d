import { dirname } from "node:path";
import type { Worker } from "node:worker_threads";
import type { DigestName } from "../checksum/digests.ts";
import { isDiskFull } from "../disk-full.ts";
import type { Body } from "../engine.ts";
import { S3Error } from "../s3-error.ts";
import { createBlockPool } from "./block-pool.ts";
import { receive } from "./receive.ts";
import type { IngestReply, IngestRequest } from "./ingest-messages.ts";
import { startThread } from "./start-thread.ts";
import { IngestStream, type DigestResults } from "./ingest-stream.ts";

/** A body that is on the disk, with its digests. */
export interface Ingested {
  readonly sizeBytes: number;
  readonly digests: DigestResults;
}

/** What to do with a body. */
export interface IngestTask {
  /** Created; there must be no file yet. */
  readonly path: string;
  readonly digests: readonly DigestName[];
  /** Exactly so many bytes, where known (IncompleteBody). */
  readonly sizeBytes?: number | undefined;
  /** At most so many (EntityTooLarge). */
  readonly maxSizeBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** All blocks together: 16 MiB. */
const BLOCK_COUNT = 64;

interface Thread {
  readonly worker: Worker;
  readonly streams: Map<number, IngestStream>;
}

/** Threads that hash and write bodies, started as they are needed. Owns workers and blocks. */
export class IngestThreads {
  readonly #pool = createBlockPool(BLOCK_COUNT);
  readonly #threads = new Set<Thread>();
  readonly #threadCount: number;
  #nextStreamId = 0;

  constructor(threadCount: number) {
    this.#threadCount = threadCount;
  }

  /**
   * Writes `body` to `task.path`; file and directory are synced when this resolves.
   * When it rejects, there is no file. Takes no more from the body than there is room for.
   * @throws IncompleteBody, EntityTooLarge, InsufficientStorage, InternalError, the body's and the signal's own
   */
  async ingest(body: Body, task: IngestTask): Promise<Ingested> {
    const thread = this.#pickThread();
    const streamId = this.#nextStreamId++;
    const { path, digests } = task;
    const open = { path, directory: dirname(path), digests };
    const post = (request: IngestRequest, moved: ArrayBuffer[]): void =>
      thread.worker.postMessage(request, moved);
    const stream = new IngestStream(streamId, open, this.#pool, post);
    thread.streams.set(streamId, stream);
    thread.worker.ref();
    try {
      const sizeBytes = await receive(body, task, (bytes) => threadWork(stream.write(bytes)));
      return { sizeBytes, digests: await threadWork(stream.finish()) };
    } catch (error) {
      await stream.discard();
      throw error;
    } finally {
      thread.streams.delete(streamId);
      // An idle thread does not keep the process alive.
      if (thread.streams.size === 0) thread.worker.unref();
    }
  }

  /** Ends the threads; streams under way fail. */
  async close(): Promise<void> {
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
  }

  #pickThread(): Thread {
    const threads = [...this.#threads].toSorted((a, b) => a.streams.size - b.streams.size);
    const [leastBusy] = threads;
    if (leastBusy && (leastBusy.streams.size === 0 || threads.length >= this.#threadCount)) {
      return leastBusy;
    }
    return this.#startThread();
  }

  #startThread(): Thread {
    const worker = startThread();
    const thread: Thread = { worker, streams: new Map() };
    worker.on("message", (reply: IngestReply) => {
      const stream = thread.streams.get(reply.streamId);
      if (stream) stream.onReply(reply);
      // A stream that failed does not wait for the blocks that it still had on their way.
      else if (reply.kind === "consumed") this.#pool.release(reply.buffer);
    });
    worker.on("error", (error) => this.#onThreadLost(thread, error));
    worker.on("exit", () => this.#onThreadLost(thread, new Error("An ingest thread ended")));
    this.#threads.add(thread);
    return thread;
  }

  #onThreadLost(thread: Thread, error: Error): void {
    this.#threads.delete(thread);
    for (const stream of thread.streams.values()) stream.onThreadLost(error);
  }
}

/** Translates what goes wrong in a thread, and nothing that the body or its reader threw. */
async function threadWork<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new S3Error(isDiskFull(error) ? "InsufficientStorage" : "InternalError", {
      cause: error,
    });
  }
}
