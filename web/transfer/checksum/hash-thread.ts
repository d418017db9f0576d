import type { HashPieces } from "./hash-blob.ts";
import type { HashReply, HashRequest } from "./hash-messages.ts";

/** As much of a `Worker` as is used. */
export interface HashWorker {
  postMessage(request: HashRequest): void;
  addEventListener(type: "message", listener: (event: { data: HashReply }) => void): void;
  addEventListener(type: "error" | "messageerror", listener: () => void): void;
  terminate(): void;
}

/** `unproven`: has not answered anything yet. `forbidden`: never did and never will. `dead`: did once. */
export type ThreadState = "unproven" | "proven" | "forbidden" | "dead";

/** A worker and what it was asked. */
export interface HashThread {
  /** @throws DOMException `OperationError` where the worker dies over it, and what `HashPieces` throws */
  readonly hash: HashPieces;
  state(): ThreadState;
  close(): void;
}

interface Job {
  resolve(values: string[]): void;
  reject(reason: unknown): void;
}

/** Speaks with a worker that runs `serveHashes`. */
export function startHashThread(worker: HashWorker): HashThread {
  const jobs = new Map<number, Job>();
  let state: ThreadState = "unproven";
  let lastJobId = 0;

  function ask(request: HashRequest): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
    worker.postMessage(request);
  }

  function take(reply: HashReply): void {
    if (state === "unproven") state = "proven";
    const job = jobs.get(reply.jobId);
    if (reply.kind === "hashed") job?.resolve(reply.values);
    else job?.reject(new DOMException(reply.message, reply.name));
  }

  function end(): void {
    worker.terminate();
    state = state === "unproven" || state === "forbidden" ? "forbidden" : "dead";
    const error = new DOMException("The thread that hashes has ended", "OperationError");
    for (const job of jobs.values()) job.reject(error);
  }

  worker.addEventListener("message", ({ data }) => take(data));
  worker.addEventListener("error", end);
  worker.addEventListener("messageerror", end);

  return {
    async hash(blob, sizesBytes, algorithm, signal) {
      signal.throwIfAborted();
      const jobId = ++lastJobId;
      const cancel = (): void => {
        ask({ kind: "cancel", jobId });
        jobs.get(jobId)?.reject(signal.reason);
      };
      signal.addEventListener("abort", cancel);
      try {
        return await new Promise((resolve, reject) => {
          jobs.set(jobId, { resolve, reject });
          ask({ kind: "hash", jobId, blob, sizesBytes, algorithm });
        });
      } finally {
        jobs.delete(jobId);
        signal.removeEventListener("abort", cancel);
      }
    },
    state: () => state,
    close: end,
  };
}
