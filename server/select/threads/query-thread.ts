/** A thread that answers queries: whole ones, and blocks of large ones. */
import { parentPort, type MessagePort } from "node:worker_threads";
import type { ByteSource } from "../../../shared/select/byte-source.ts";
import { MemoryPool } from "../blocks/memory-pool.ts";
import { openBlocks } from "../blocks/open-blocks.ts";
import type { BlockAnswer, ScanBlock } from "../blocks/block-scan.ts";
import { detect } from "../detect/index.ts";
import type { KernelMemory } from "../kernel/web-assembly.ts";
import { select } from "../select.ts";
import { parseQuery } from "../sql/parse-query.ts";
import { parseTimestamp } from "../values/timestamp.ts";
import { toPlainError } from "./plain-error.ts";
import { pour } from "./port-stream.ts";
import { remoteSource } from "./remote-source.ts";
import type {
  PlainAnswer,
  PlainTask,
  RemoteObject,
  ThreadReply,
  ThreadRequest,
} from "./thread-messages.ts";

if (parentPort) serve(parentPort);

function serve(port: MessagePort): void {
  const scans = new Map<number, ScanBlock>();
  const memories = new MemoryPool(1);
  port.on("message", (message: ThreadRequest) => {
    switch (message.kind) {
      case "query":
        void answer(message, (source, signal) => select(message.request, source, signal, memories));
        break;
      case "detect":
        void answer(message, async function* (source, signal) {
          yield await detect(source, signal);
        });
        break;
      case "open":
        scans.set(message.taskId, open(message.task, message.memory));
        break;
      case "scan": {
        const { taskId, block, leftCount } = message;
        const scan = scans.get(taskId);
        if (scan === undefined) return;
        const plain = toPlainAnswer(scan(block, leftCount));
        const reply: ThreadReply = { taskId, slot: block.slot, answer: plain };
        port.postMessage(reply, [plain.payload.buffer]);
        break;
      }
      case "close":
        scans.delete(message.taskId);
    }
  });
}

async function answer<Item>(
  { sizeBytes, found, reads }: RemoteObject,
  ask: (source: ByteSource, signal: AbortSignal) => AsyncIterable<Item>,
): Promise<void> {
  const stop = new AbortController();
  found.on("close", () => stop.abort());
  await pour(ask(remoteSource(sizeBytes, reads), stop.signal), found, () => []);
  stop.abort();
  reads.close();
}

/** What is wrong with a task is said of its first block. */
function open(task: PlainTask, memory: KernelMemory): ScanBlock {
  try {
    const now = parseTimestamp(task.now);
    if (now === null) throw new TypeError(`${task.now} is no moment`);
    return openBlocks({ ...task, query: parseQuery(task.sql), now }, memory);
  } catch (error) {
    return () => ({ payload: new Uint8Array(0), recordEnds: [], states: null, error });
  }
}

function toPlainAnswer({ payload, error, ...answer }: BlockAnswer): PlainAnswer & {
  readonly payload: Uint8Array<ArrayBuffer>;
} {
  const moved = hasOwnMemory(payload) ? payload : new Uint8Array(payload);
  return { ...answer, payload: moved, error: error === null ? null : toPlainError(error) };
}

/** Little answers share their memory with others, and cannot move without them. */
function hasOwnMemory(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
}
