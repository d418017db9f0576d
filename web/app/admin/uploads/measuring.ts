import { MAX_UPLOADS_PER_LOOK } from "../../../../shared/admin-api.ts";
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

/** Looks at the parts of each row: of those in sight first, of all others for the totals. */
export interface Measuring {
  /** Rows in sight; they go first, also while the rest is paused. */
  see(rows: readonly number[]): void;
  /** Begins, goes on with rows that were added, and tries again what failed. */
  go(): void;
  pause(): void;
  /** For good. */
  close(): void;
  /** Rows that could not be looked at. */
  readonly failed: ReadonlyMap<number, string>;
}

/** Measures the rows of a table, and writes into it what comes back. */
export function createMeasuring(table: UploadTable, ports: MeasuringPorts): Measuring {
  const closing = new AbortController();
  const { signal } = closing;
  const asked = new Set<number>();
  const failed = new Map<number, string>();
  let state: MeasuringState = { kind: "idle" };
  let inSight: readonly number[] = [];
  let isLookingInSight = false;
  let behind = 0;
  let workers = 0;

  const become = (next: MeasuringState) => {
    state = next;
    ports.onState(next);
  };
  const isDue = (row: number) =>
    !isMeasured(table, row) && !asked.has(row) && !failed.has(row) && !table.ends.has(row);

  function nextBatch(): number[] {
    const batch: number[] = [];
    while (batch.length < MAX_UPLOADS_PER_LOOK && behind < table.keys.length) {
      if (isDue(behind)) batch.push(behind);
      behind += 1;
    }
    return batch;
  }

  async function measure(rows: readonly number[]): Promise<void> {
    for (const row of rows) asked.add(row);
    const uploads = rows.map((row) => addressOf(table, row));
    try {
      const { results } = await tryAgain(() => ports.look(uploads, signal), signal, ports);
      for (const [index, row] of rows.entries()) {
        const result = results[index];
        if (result?.state === "open") setHeld(table, row, result);
        else if (result?.state === "gone") table.ends.set(row, "gone");
        else failed.set(row, result?.problem.code ?? "bad-answer");
      }
      ports.onMeasured();
    } finally {
      for (const row of rows) asked.delete(row);
    }
  }

  async function work(): Promise<void> {
    workers += 1;
    try {
      while (state.kind === "measuring") {
        const batch = nextBatch();
        if (batch.length === 0) break;
        await measure(batch).catch((error: unknown) => {
          behind = Math.min(behind, ...batch);
          throw error;
        });
      }
    } catch (error) {
      fail(error);
    } finally {
      workers -= 1;
      if (workers === 0 && state.kind === "measuring") become({ kind: "idle" });
    }
  }

  async function lookInSight(): Promise<void> {
    if (isLookingInSight) return;
    isLookingInSight = true;
    try {
      for (;;) {
        const batch = inSight.filter(isDue).slice(0, MAX_UPLOADS_PER_LOOK);
        if (batch.length === 0) return;
        await measure(batch);
      }
    } catch (error) {
      fail(error);
    } finally {
      isLookingInSight = false;
    }
  }

  function fail(error: unknown) {
    if (signal.aborted) return;
    if (!(error instanceof BackendError)) throw error;
    become({ kind: "failed", problem: error });
  }

  return {
    failed,
    see(rows) {
      inSight = rows;
      if (state.kind !== "failed") void lookInSight();
    },
    go() {
      if (failed.size > 0 || state.kind === "failed") {
        behind = 0;
        failed.clear();
      }
      become({ kind: "measuring" });
      // One that finds nothing to do has ended by the time it is counted.
      for (let more = IN_BACKGROUND - workers; more > 0; more -= 1) void work();
    },
    pause: () => become({ kind: "paused" }),
    close: () => closing.abort(new Error("Measuring was ended")),
  };
}
