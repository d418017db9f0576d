import type { AbortUploadsResponse } from "../../../../shared/admin-api.ts";
import { backoffDelayMs } from "../../../../shared/retry.ts";
import { BackendError } from "../../backend.ts";
import { isPassing, isShutOut, tryAgain, type WaitPorts } from "./try-again.ts";
import { isMeasured, setUploading, toAbort, type UploadTable } from "./upload-table.ts";
import type { UploadsApi } from "./uploads-api.ts";

/** Uploads in one request, so that there is progress to see, and requests at once. */
const UPLOADS_PER_REQUEST = 50;
const REQUESTS_AT_ONCE = 3;

/** How often an upload is tried whose problem may pass. */
const MOST_TRIES = 3;

/** Why an upload was not aborted. */
export interface AbortFailure {
  readonly code: string;
  readonly detail: string;
}

/** What became of the uploads so far. */
export interface AbortTally {
  readonly total: number;
  readonly aborted: number;
  /** Of those that were measured before. */
  readonly freedBytes: number;
  /** Aborted, but nobody knows how large they were. */
  readonly unmeasured: number;
  /** Became objects meanwhile, which stay. */
  readonly completed: readonly number[];
  /** Are being sent right now, and go on. */
  readonly live: readonly number[];
  readonly failed: ReadonlyMap<number, AbortFailure>;
}

/** What aborting is done with, and whom it tells. */
export interface AbortPorts extends WaitPorts {
  readonly abort: UploadsApi["abort"];
  readonly onChange: () => void;
}

/** Aborts some rows of a table; every row ends up in one of the places of the tally, unless it was stopped before. */
export class AbortRun {
  readonly #table: UploadTable;
  readonly #ports: AbortPorts;
  readonly #evenLive: boolean;
  readonly #stopping = new AbortController();
  readonly #total: number;
  readonly #failed = new Map<number, AbortFailure>();
  readonly #completed: number[] = [];
  readonly #live: number[] = [];
  #aborted = 0;
  #freedBytes = 0;
  #unmeasured = 0;
  #isOver = false;
  #shutOut: BackendError | null = null;

  /** @param evenLive also those that are being sent: somebody said yes a second time */
  constructor(table: UploadTable, rows: readonly number[], evenLive: boolean, ports: AbortPorts) {
    this.#table = table;
    this.#total = rows.length;
    this.#evenLive = evenLive;
    this.#ports = ports;
    this.#rows = rows;
  }
  readonly #rows: readonly number[];

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Nothing more is sent; what is under way is waited for. */
  get isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** The server no longer lets this person in: what was not tried by then is left. */
  get shutOut(): BackendError | null {
    return this.#shutOut;
  }

  get tally(): AbortTally {
    return {
      total: this.#total,
      aborted: this.#aborted,
      freedBytes: this.#freedBytes,
      unmeasured: this.#unmeasured,
      completed: [...this.#completed],
      live: [...this.#live],
      failed: new Map(this.#failed),
    };
  }

  /** Does it; ends when all is over. */
  async go(): Promise<void> {
    let due = this.#rows;
    for (let tries = 1; due.length > 0; tries += 1) {
      await this.#abortAll(due);
      due = [...this.#failed].flatMap(([row, { code }]) => (isPassing(code) ? [row] : []));
      if (tries === MOST_TRIES || this.isStopping || due.length === 0) break;
      const delayMs = backoffDelayMs(tries + 1, this.#ports.random);
      // Stopped: what failed stays failed.
      await this.#ports.wait(delayMs, this.#stopping.signal).catch(() => undefined);
      if (this.isStopping) break;
      for (const row of due) this.#failed.delete(row);
    }
    this.#isOver = true;
    this.#ports.onChange();
  }

  stop(): void {
    this.#stopping.abort(new Error("Aborting was stopped"));
    this.#ports.onChange();
  }

  async #abortAll(rows: readonly number[]): Promise<void> {
    let next = 0;
    const work = async () => {
      while (next < rows.length && !this.isStopping) {
        const batch = rows.slice(next, next + UPLOADS_PER_REQUEST);
        next += batch.length;
        await this.#abortBatch(batch);
        this.#ports.onChange();
      }
    };
    await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, work));
  }

  async #abortBatch(batch: readonly number[]): Promise<void> {
    const uploads = batch.map((row) => toAbort(this.#table, row));
    try {
      // What is sent is waited for: whether it was done has to be known. Aborting twice does no harm.
      const ask = () => this.#ports.abort(uploads, this.#evenLive);
      const { results } = await tryAgain(ask, this.#stopping.signal, this.#ports);
      for (const [index, row] of batch.entries()) this.#note(row, results[index]);
    } catch (error) {
      const failure = asFailure(error, this.isStopping);
      for (const row of batch) this.#failed.set(row, failure);
      if (!(error instanceof BackendError) || !isShutOut(error.code)) return;
      this.#shutOut = error;
      this.stop();
    }
  }

  #note(row: number, result: AbortUploadsResponse["results"][number] | undefined): void {
    const { aborted = false, completed = false, problem } = result ?? {};
    if (completed) {
      this.#completed.push(row);
      this.#table.ends.set(row, "completed");
    } else if (aborted) {
      this.#aborted += 1;
      if (isMeasured(this.#table, row)) this.#freedBytes += this.#table.heldBytes[row] ?? 0;
      else this.#unmeasured += 1;
      this.#table.ends.set(row, "aborted");
    } else if (problem?.code === "upload-live") {
      this.#live.push(row);
      setUploading(this.#table, row);
    } else {
      const { code = "bad-answer", detail = "The server did not say what became of it." } =
        problem ?? {};
      this.#failed.set(row, { code, detail });
    }
  }
}

function asFailure(error: unknown, isStopped: boolean): AbortFailure {
  if (error instanceof BackendError) return { code: error.code, detail: error.message };
  if (isStopped)
    return { code: "server-unreachable", detail: "Stopped before there was an answer." };
  throw error;
}
