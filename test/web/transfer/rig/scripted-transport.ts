import { TransferError } from "../../../../web/transfer/problem.ts";
import type {
  PartRequest,
  PartResponse,
  PartTransport,
} from "../../../../web/transfer/line/part-transport.ts";
import { rest } from "./fake-clock.ts";

/** One request that left, waiting for the test to answer it. */
export interface SentRequest extends PartRequest {
  readonly isStopped: boolean;
  progress(sentBytes: number): void;
  respond(response: Partial<PartResponse>): Promise<void>;
  /** What a browser says when it may not say anything. */
  breakLine(): Promise<void>;
}

/** A transport that sends nothing: the test awaits the next request, inspects it, answers it. */
export interface ScriptedTransport extends PartTransport {
  next(): Promise<SentRequest>;
  /** Requests that nobody has taken yet. */
  readonly waiting: readonly SentRequest[];
  /** Sent, not answered, not stopped. */
  readonly underWayCount: number;
  isAnswering: boolean;
}

export function createScriptedTransport(): ScriptedTransport {
  const queue: SentRequest[] = [];
  let underWayCount = 0;
  const transport: ScriptedTransport = {
    isAnswering: true,
    waiting: queue,
    get underWayCount() {
      return underWayCount;
    },
    answers: async () => transport.isAnswering,
    send: (request, signal, onProgress) =>
      new Promise((resolve, reject) => {
        underWayCount += 1;
        let isOver = false;
        const end = async (settle: () => void) => {
          if (!isOver) underWayCount -= 1;
          isOver = true;
          settle();
          await rest();
        };
        signal.addEventListener("abort", () => void end(() => reject(signal.reason)));
        queue.push({
          ...request,
          get isStopped() {
            return signal.aborted;
          },
          progress: onProgress,
          respond: (response) =>
            end(() =>
              resolve({
                status: 200,
                etag: null,
                checksum: null,
                retryAfter: null,
                body: "",
                ...response,
              }),
            ),
          breakLine: () =>
            end(() => reject(new TransferError("storage-unreachable", "retry", "scripted"))),
        });
      }),
    async next() {
      for (let turn = 0; turn < 20 && queue.length === 0; turn += 1) await rest(1);
      const request = queue.shift();
      if (!request) throw new Error("No request left");
      return request;
    },
  };
  return transport;
}
