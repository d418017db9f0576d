/** A thread that answers queries: whole ones, and blocks of large ones. */
import { parentPort, type MessagePort } from "node:worker_threads";
import { openBlocks } from "../blocks/open-blocks.ts";
import type { BlockAnswer, ScanBlock } from "../blocks/block-scan.ts";
import type { KernelMemory } from "../kernel/web-assembly.ts";
import { select } from "../select.ts";
import { parseQuery } from "../sql/parse-query.ts";
import { parseTimestamp } from "../values/timestamp.ts";
import { toPlainError } from "./plain-error.ts";
import { pour } from "./port-stream.ts";
import { remoteSource } from "./remote-source.ts";
import type { PlainAnswer, PlainTask, ThreadReply, ThreadRequest } from "./thread-messages.ts";

if (parentPort) serve(parentPort);

function serve(port: MessagePort): void {
  const scans = new Map<number, ScanBlock>();
  port.on("message", (message: ThreadRequest) => {
    switch (message.kind) {
      case "query":
        void answerWhole(message);
        break;
      case "open":
        scans.set(message.taskId, open(message.task, message.memory));
        break;
      case "scan": {
        const { taskId, block, leftCount } = message;
        const scan = scans.get(taskId);
        if (scan === undefined) return;
        const answer = toPlainAnswer(scan(block, leftCount));
        const reply: ThreadReply = { taskId, slot: block.slot, answer };
        port.postMessage(reply, [answer.payload.buffer]);
        break;
      }
      case "close":
        scans.delete(message.taskId);
    }
  });
}

async function answerWhole({
  request,
  sizeBytes,
  events,
  reads,
}: Extract<ThreadRequest, { kind: "query" }>): Promise<void> {
  const stop = new AbortController();
  events.on("close", () => stop.abort());
  const answer = select(request, remoteSource(sizeBytes, reads), stop.signal);
  await pour(answer, events, () => []);
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

function toPlainAnswer({ error, ...answer }: BlockAnswer): PlainAnswer & {
  readonly payload: Uint8Array<ArrayBuffer>;
} {
  const payload = new Uint8Array(answer.payload);
  return { ...answer, payload, error: error === null ? null : toPlainError(error) };
}
