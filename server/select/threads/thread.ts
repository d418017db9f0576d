import type { TransferListItem, Worker } from "node:worker_threads";
import { SelectError } from "../../../shared/select/select-error.ts";
import type { Block } from "../blocks/block-memory.ts";
import type { BlockAnswer } from "../blocks/block-scan.ts";
import { fromPlainError } from "./plain-error.ts";
import type { ThreadReply, ThreadRequest } from "./thread-messages.ts";

/** A block that the thread has. */
interface Waiting {
  resolve(answer: BlockAnswer): void;
  reject(reason: unknown): void;
}

/** One thread that answers queries. Owns its worker. */
export class QueryThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<string, Waiting>();
  #useCount = 0;
  #lost: { readonly cause: unknown } | null = null;

  constructor(worker: Worker) {
    this.#worker = worker;
  }

  /** Listens to the worker; `onLost` is called once it has ended. */
  start(onLost: () => void): void {
    // Nobody waits for a thread that has nothing to do.
    this.#worker.unref();
    this.#worker.on("message", (reply: ThreadReply) => this.#take(reply));
    this.#worker.on("error", (error) => this.#lose(error, onLost));
    this.#worker.on("exit", () => {
      this.#lose(null, onLost);
      this.#rejectAll();
    });
  }

  /** Queries that it works for. */
  get useCount(): number {
    return this.#useCount;
  }

  /** Somebody's query needs it from now on. */
  use(): void {
    this.#useCount += 1;
    if (this.#useCount === 1) this.#worker.ref();
  }

  release(): void {
    this.#useCount -= 1;
    if (this.#useCount === 0) this.#worker.unref();
  }

  post(request: ThreadRequest, moved: TransferListItem[] = []): void {
    this.#worker.postMessage(request, moved);
  }

  /** @throws SelectError `Busy` where the thread has ended */
  scan(taskId: number, block: Block, leftCount: number): Promise<BlockAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== null) return reject(this.lossOf());
      this.#waiting.set(nameOf(taskId, block.slot), { resolve, reject });
      this.post({ kind: "scan", taskId, block, leftCount });
    });
  }

  /** What a query fails with whose thread has ended: it had too little memory, most likely. */
  lossOf(): SelectError {
    const detail = "The query needed more memory than one may have; ask for less of the object.";
    const error = new SelectError("Busy", detail);
    error.cause = this.#lost?.cause;
    return error;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #take({ taskId, slot, answer }: ThreadReply): void {
    const name = nameOf(taskId, slot);
    const waiting = this.#waiting.get(name);
    this.#waiting.delete(name);
    const error = answer.error === null ? null : fromPlainError(answer.error);
    waiting?.resolve({ ...answer, error });
  }

  #lose(cause: unknown, onLost: () => void): void {
    if (this.#lost === null) onLost();
    this.#lost ??= { cause };
  }

  /** Only now: until it has ended it may be at work in memory that others want. */
  #rejectAll(): void {
    for (const { reject } of this.#waiting.values()) reject(this.lossOf());
    this.#waiting.clear();
  }
}

function nameOf(taskId: number, slot: number): string {
  return `${taskId}/${slot}`;
}
