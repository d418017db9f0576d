import type { MessagePort } from "node:worker_threads";
import type { ByteSource } from "../../../shared/select/byte-source.ts";
import { fromPlainError, toPlainError } from "./plain-error.ts";
import type { ReadReply, ReadRequest } from "./thread-messages.ts";

type SharedRequest = Extract<ReadRequest, { kind: "shared" }>;

/** Has another thread, at the other end of the port, put bytes into memory that both have. */
export function sharedReader(reads: MessagePort): NonNullable<ByteSource["readShared"]> {
  const waiting = new Map<number, (reply: ReadReply | null) => void>();
  let nextId = 0;
  reads.on("message", (reply: ReadReply) => waiting.get(reply.readId)?.(reply));
  reads.on("close", () => {
    for (const settle of waiting.values()) settle(null);
  });
  return async (target, start, signal) => {
    signal.throwIfAborted();
    const readId = nextId;
    nextId += 1;
    let onAbort = (): void => {};
    try {
      const reply = await new Promise<ReadReply | null>((resolve, reject) => {
        waiting.set(readId, resolve);
        onAbort = () => reject(signal.reason);
        signal.addEventListener("abort", onAbort);
        const request: SharedRequest = { kind: "shared", readId, target, start };
        reads.postMessage(request, []);
      });
      if (reply === null) throw new Error("The other thread has ended");
      if (reply.error !== null) throw fromPlainError(reply.error);
      return reply.filledBytes;
    } finally {
      waiting.delete(readId);
      signal.removeEventListener("abort", onAbort);
    }
  };
}

/** Does what another thread has asked for, and says so through the port. */
export async function fillShared(
  source: ByteSource,
  { readId, target, start }: SharedRequest,
  reads: MessagePort,
  signal: AbortSignal,
): Promise<void> {
  const reply = await fill(source, target, start, signal).then(
    (filledBytes): ReadReply => ({ readId, filledBytes, error: null }),
    (error: unknown): ReadReply => ({ readId, filledBytes: 0, error: toPlainError(error) }),
  );
  reads.postMessage(reply, []);
}

async function fill(
  source: ByteSource,
  target: Uint8Array,
  start: number,
  signal: AbortSignal,
): Promise<number> {
  if (source.readInto) {
    await source.readInto(target, start, signal);
    return target.length;
  }
  let length = 0;
  for await (const piece of source.read({ start, end: start + target.length }, signal)) {
    // More than was asked for is nobody's.
    target.set(piece.subarray(0, target.length - length), length);
    length += Math.min(piece.length, target.length - length);
  }
  return length;
}
