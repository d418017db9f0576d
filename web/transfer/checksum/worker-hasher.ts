import { createBatches } from "./batches.ts";
import type { HashPieces } from "./hash-blob.ts";
import { startHashThread, type HashThread, type HashWorker } from "./hash-thread.ts";
import { openModuleWorker } from "./module-worker.ts";
import type { PartHasher } from "./part-hasher.ts";
import { createSemaphore } from "./semaphore.ts";

/** Parts under way at once: while one is hashed, the other is read. */
const MAX_RUNNING = 2;

/** Messages and reads cost more than the hashes of blobs below this, in bytes: they go by the batch. */
const SMALL_BLOB_BYTES = 256 * 1024;

/**
 * Hashes in a worker, which is opened for the first part. Where none can be opened, or none ever answers (the
 * policy of a page that embeds us), on this thread. A worker that dies takes the parts that it had along
 * (`OperationError`); the next gets a new one.
 */
export function createWorkerHasher(openWorker: () => HashWorker = openModuleWorker): PartHasher {
  const acquire = createSemaphore(MAX_RUNNING);
  const closing = new AbortController();
  const hashHere = lazyPiecesHash();
  let thread: HashThread | null | undefined;

  const hashSomewhere: HashPieces = async (...job) => {
    if (thread === undefined) thread = openThread(openWorker);
    if (thread === null) return hashHere(...job);
    const used = thread;
    try {
      return await used.hash(...job);
    } catch (error) {
      const state = used.state();
      if (thread === used && state === "forbidden") thread = null;
      if (thread === used && state === "dead") thread = undefined;
      if (state === "forbidden") return hashHere(...job);
      throw error;
    }
  };

  const hashSmall = createBatches(hashSomewhere);

  return {
    async hash(blob, algorithm, signal) {
      const stop = AbortSignal.any([signal, closing.signal]);
      if (blob.size < SMALL_BLOB_BYTES) return hashSmall(blob, algorithm, stop);
      const release = await acquire(stop);
      try {
        const [value = ""] = await hashSomewhere(blob, [blob.size], algorithm, stop);
        return value;
      } finally {
        release();
      }
    },
    close() {
      closing.abort(new DOMException("The hasher is closed", "InvalidStateError"));
      thread?.close();
    },
  };
}

/** Null where this page may not open one. */
function openThread(openWorker: () => HashWorker): HashThread | null {
  try {
    return startHashThread(openWorker());
  } catch {
    return null;
  }
}

/** Hashes on this thread; the code for it is loaded where it is needed, since it rarely is. */
function lazyPiecesHash(): HashPieces {
  let hashPieces: HashPieces | undefined;
  return async (...job) => {
    const { createPiecesHash } = await import("./hash-blob.ts");
    hashPieces ??= createPiecesHash();
    return hashPieces(...job);
  };
}
