import { createPiecesHash } from "./hash-blob.ts";
import type { HashReply, HashRequest } from "./hash-messages.ts";

/** The worker's side of its connection. */
export interface HashServerPort {
  postMessage(reply: HashReply): void;
  addEventListener(type: "message", listener: (event: { data: HashRequest }) => void): void;
}

/** Answers each request to hash a blob that comes in on `port`. */
export function serveHashes(port: HashServerPort): void {
  const hashPieces = createPiecesHash();
  const running = new Map<number, AbortController>();

  async function hash(request: HashRequest & { kind: "hash" }): Promise<void> {
    const { jobId, blob, sizesBytes, algorithm } = request;
    const controller = new AbortController();
    running.set(jobId, controller);
    try {
      const values = await hashPieces(blob, sizesBytes, algorithm, controller.signal);
      port.postMessage({ kind: "hashed", jobId, values });
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
