import { createBlobHash } from "./hash-blob.ts";
import type { HashReply, HashRequest } from "./hash-messages.ts";

/** The worker's side of its connection. */
export interface HashServerPort {
  postMessage(reply: HashReply): void;
  addEventListener(type: "message", listener: (event: { data: HashRequest }) => void): void;
}

/** Answers each request to hash a blob that comes in on `port`. */
export function serveHashes(port: HashServerPort): void {
  const hashBlob = createBlobHash();
  const running = new Map<number, AbortController>();

  async function hash({ jobId, blob, algorithm }: HashRequest & { kind: "hash" }): Promise<void> {
    const controller = new AbortController();
    running.set(jobId, controller);
    try {
      const value = await hashBlob(blob, algorithm, controller.signal);
      port.postMessage({ kind: "hashed", jobId, value });
    } catch (error) {
      if (!controller.signal.aborted) port.postMessage({ kind: "failed", jobId, ...nameOf(error) });
    } finally {
      running.delete(jobId);
    }
  }

  port.addEventListener("message", ({ data }) => {
    if (data.kind === "hash") void hash(data);
    else running.get(data.jobId)?.abort();
  });
}

function nameOf(error: unknown): { name: string; message: string } {
  return error instanceof Error || error instanceof DOMException
    ? { name: error.name, message: error.message }
    : { name: "UnknownError", message: String(error) };
}
