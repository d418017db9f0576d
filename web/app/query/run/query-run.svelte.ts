import type { ResultColumn } from "./column-table.ts";
import { createResultStore, type ResultStore } from "./result-store.ts";
import type { RunCounts, RunMessage, RunOutcome, ThreadOrder } from "./run-messages.ts";

/** Where a query stands; times are milliseconds by `performance.now()`. */
export type RunState =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly startedAt: number }
  | {
      readonly kind: "over";
      readonly startedAt: number;
      readonly elapsedMs: number;
      readonly outcome: RunOutcome;
    };

/** What a query runs in. */
export interface RunThread {
  postMessage(order: ThreadOrder): void;
  addEventListener(type: "message", listener: (event: { data: RunMessage }) => void): void;
  addEventListener(type: "error", listener: (event: ErrorEvent) => void): void;
  terminate(): void;
}

/** Does something later, after milliseconds, unless what it answers is called first. */
export type Later = (act: () => void, delayMs: number) => () => void;

/** What came is shown so often, in milliseconds: a page that is drawn anew for each batch does nothing else. */
const SHOWN_EVERY_MS = 100;

/** One query after another, and the answer of the last. */
export class QueryRun {
  readonly #openThread: () => RunThread;
  readonly #now: () => number;
  readonly #later: Later;
  #state = $state.raw<RunState>({ kind: "idle" });
  #counts = $state.raw<RunCounts | null>(null);
  #columns = $state.raw<readonly ResultColumn[]>([]);
  #rowCount = $state(0);
  #firstRowMs = $state<number | null>(null);
  #rows = $state.raw(createResultStore());
  /** What came since it was shown last. */
  #unseen: Unseen = NOTHING;
  /** Puts off what is shown next; `null` where nothing was shown of late. */
  #cancelShow: (() => void) | null = null;
  #thread: RunThread | null = null;
  /** The next query's, opened ahead: starting one takes as long as a first row may. */
  #spare: RunThread | null = null;

  /** @param openThread opens a thread for one query */
  constructor(openThread: () => RunThread, now = () => performance.now(), later = byTimer) {
    this.#openThread = openThread;
    this.#now = now;
    this.#later = later;
  }

  get state(): RunState {
    return this.#state;
  }

  /** `null` until the server has counted. */
  get counts(): RunCounts | null {
    return this.#counts;
  }

  get columns(): readonly ResultColumn[] {
    return this.#columns;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  /** When the first row was there, in milliseconds since the query was asked; `null` before. */
  get firstRowMs(): number | null {
    return this.#firstRowMs;
  }

  get rows(): ResultStore {
    return this.#rows;
  }

  /** Has a thread ready for the query to come. */
  prepare(): void {
    this.#spare ??= this.#openThread();
  }

  /** Asks a query, the body of which this is; what was under way ends, and what was there goes. */
  ask(body: object): void {
    this.#clear();
    const startedAt = this.#now();
    this.prepare();
    const thread = this.#spare;
    this.#spare = null;
    this.#thread = thread;
    this.#state = { kind: "running", startedAt };
    thread?.addEventListener("message", ({ data }) => {
      if (this.#thread === thread) this.#take(data, startedAt);
    });
    thread?.addEventListener("error", ({ message }) => {
      if (this.#thread !== thread) return;
      const problem = { code: "bad-answer", detail: message || "The reading thread has failed." };
      this.#end({ kind: "failed", problem }, startedAt);
    });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
    thread?.postMessage({ type: "ask", body: JSON.stringify(body) });
  }

  /** Stops what is under way; what has come stays. */
  stop(): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
    this.#thread?.postMessage({ type: "stop" });
  }

  /** Ends it all and lets go of what was answered. */
  close(): void {
    this.#clear();
    this.#spare?.terminate();
    this.#spare = null;
    this.#state = { kind: "idle" };
  }

  #take(message: RunMessage, startedAt: number): void {
    if (message.type === "over") {
      this.#end(message.outcome, startedAt);
      return;
    }
    if (message.type === "rows") {
      this.#rows.add(message.batch);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
      this.#thread?.postMessage({ type: "taken" });
      this.#firstRowMs ??= this.#now() - startedAt;
      if (message.columns) this.#unseen = { ...this.#unseen, columns: message.columns };
    } else {
      this.#unseen = { ...this.#unseen, counts: message.counts };
    }
    const isFirst = message.type === "rows" && this.#rowCount === 0;
    if (isFirst || this.#cancelShow === null) this.#show();
  }

  /** Shows what came, and shows what comes next a little later. */
  #show(): void {
    this.#cancelShow?.();
    const { columns, counts } = this.#unseen;
    const isNews = columns !== null || counts !== null || this.#rowCount !== this.#rows.rowCount;
    this.#cancelShow = isNews ? this.#later(() => this.#show(), SHOWN_EVERY_MS) : null;
    if (columns) this.#columns = columns;
    if (counts) this.#counts = counts;
    this.#rowCount = this.#rows.rowCount;
    this.#unseen = NOTHING;
  }

  #showNoMore(): void {
    this.#cancelShow?.();
    this.#cancelShow = null;
    this.#unseen = NOTHING;
  }

  #end(outcome: RunOutcome, startedAt: number): void {
    this.#thread?.terminate();
    this.#thread = null;
    this.#show();
    this.#showNoMore();
    this.prepare();
    this.#state = { kind: "over", startedAt, elapsedMs: this.#now() - startedAt, outcome };
  }

  #clear(): void {
    this.#thread?.terminate();
    this.#thread = null;
    this.#showNoMore();
    this.#counts = null;
    this.#columns = [];
    this.#rowCount = 0;
    this.#firstRowMs = null;
    this.#rows = createResultStore();
  }
}

interface Unseen {
  readonly columns: readonly ResultColumn[] | null;
  readonly counts: RunCounts | null;
}

const NOTHING: Unseen = { columns: null, counts: null };

function byTimer(act: () => void, delayMs: number): () => void {
  const timer = setTimeout(act, delayMs);
  return () => clearTimeout(timer);
}
