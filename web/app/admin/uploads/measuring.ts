import { MAX_UPLOADS_PER_LOOK, type HeldPartsResults } from "../../../../shared/admin-api.ts";
import { BackendError } from "../../backend.ts";
import { tryAgain, type WaitPorts } from "./try-again.ts";
import { addressOf, isMeasured, setHeld, type UploadTable } from "./upload-table.ts";
import type { UploadsApi } from "./uploads-api.ts";

/** Where measuring stands. */
export type MeasuringState =
  /** Each row that is there was looked at. */
  | { readonly kind: "idle" }
  | { readonly kind: "measuring" }
  | { readonly kind: "paused" }
  | { readonly kind: "failed"; readonly problem: BackendError };

/** Requests at once for the totals; one more is for what is in sight. */
const IN_BACKGROUND = 2;

/** What measuring is done with, and whom it tells. */
export interface MeasuringPorts extends WaitPorts {
  readonly look: UploadsApi["look"];
  /** Rows were measured, or turned out to be gone. */
  readonly onMeasured: () => void;
  readonly onState: (state: MeasuringState) => void;
}

/** Looks at the parts of each row of a table: of those in sight first, of all others for the totals. */
export class Measuring {
  readonly #table: UploadTable;
  readonly #ports: MeasuringPorts;
  readonly #closing = new AbortController();
  /** Rows whose answer is under way. */
  readonly #asked = new Set<number>();
  readonly #failed = new Map<number, string>();
  #state: MeasuringState = { kind: "idle" };
  #inSight: readonly number[] = [];
  #isLookingInSight = false;
  /** Rows before this one were looked at. */
  #behind = 0;
  #workers = 0;

  constructor(table: UploadTable, ports: MeasuringPorts) {
    this.#table = table;
    this.#ports = ports;
  }

  /** Rows that could not be looked at, and the codes of their problems. */
  get failed(): ReadonlyMap<number, string> {
    return this.#failed;
  }

  /** Rows in sight; they go first, also while the rest is paused. */
  see(rows: readonly number[]): void {
    this.#inSight = rows;
    if (this.#state.kind !== "failed" && !this.#isLookingInSight) void this.#lookInSight();
  }

  /** Begins, or goes on with rows that were added. @param atOnce requests at once in the background, 1 or 2 */
  go(atOnce: 1 | 2 = IN_BACKGROUND): void {
    this.#become({ kind: "measuring" });
    // One that finds nothing to do has ended by the time it is counted.
    for (let more = atOnce - this.#workers; more > 0; more -= 1) void this.#work();
  }

  /** Goes on, and tries again what failed. */
  again(): void {
    this.#behind = 0;
    this.#failed.clear();
    this.go();
  }

  pause(): void {
    this.#become({ kind: "paused" });
  }

  /** For good. */
  close(): void {
    this.#closing.abort(new Error("Measuring was ended"));
  }

  async #work(): Promise<void> {
    this.#workers += 1;
    try {
      while (this.#state.kind === "measuring") {
        const batch = this.#nextBatch();
        if (batch.length === 0) break;
        await this.#measure(batch);
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#workers -= 1;
      const isOver = this.#workers === 0 && this.#state.kind === "measuring";
      if (isOver && !this.#closing.signal.aborted) this.#become({ kind: "idle" });
    }
  }

  async #lookInSight(): Promise<void> {
    this.#isLookingInSight = true;
    try {
      for (;;) {
        const due = this.#inSight.filter((row) => this.#isDue(row));
        if (due.length === 0) return;
        await this.#measure(due.slice(0, MAX_UPLOADS_PER_LOOK));
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isLookingInSight = false;
    }
  }

  async #measure(rows: readonly number[]): Promise<void> {
    for (const row of rows) this.#asked.add(row);
    const uploads = rows.map((row) => addressOf(this.#table, row));
    const { signal } = this.#closing;
    try {
      const ask = () => this.#ports.look(uploads, signal);
      const { results } = await tryAgain(ask, signal, this.#ports);
      for (const [index, row] of rows.entries()) this.#note(row, results[index]);
      this.#ports.onMeasured();
    } finally {
      for (const row of rows) this.#asked.delete(row);
    }
  }

  #note(row: number, result: HeldPartsResults["results"][number] | undefined): void {
    if (result?.state === "open") setHeld(this.#table, row, result);
    else if (result?.state === "gone") this.#table.ends.set(row, "gone");
    else this.#failed.set(row, result?.problem.code ?? "bad-answer");
  }

  #isDue(row: number): boolean {
    if (isMeasured(this.#table, row) || this.#table.ends.has(row)) return false;
    return !this.#asked.has(row) && !this.#failed.has(row);
  }

  #nextBatch(): number[] {
    const batch: number[] = [];
    while (batch.length < MAX_UPLOADS_PER_LOOK && this.#behind < this.#table.keys.length) {
      if (this.#isDue(this.#behind)) batch.push(this.#behind);
      this.#behind += 1;
    }
    return batch;
  }

  #fail(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    if (!(error instanceof BackendError)) throw error;
    this.#become({ kind: "failed", problem: error });
  }

  #become(state: MeasuringState): void {
    this.#state = state;
    this.#ports.onState(state);
  }
}
