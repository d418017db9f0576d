import type { ResultColumn } from "./column-table.ts";
import type { RecordBatch } from "./record-collector.ts";

/** Most bytes of an answer that the page keeps: a tab has a gigabyte or two. */
export const MAX_RESULT_BYTES = 256 * 1024 * 1024;

/** Bytes that the server counted. */
export interface RunCounts {
  readonly bytesScanned: number;
  readonly bytesProcessed: number;
  readonly bytesReturned: number;
}

/** What a query failed with. */
export interface RunProblem {
  /** Of the API's problems, or `query-failed`. */
  readonly code: string;
  readonly detail: string;
  /** S3 Select's own code. */
  readonly s3Code?: string | undefined;
  readonly requestId?: string | undefined;
  /** Where in the query it is, both from 1. */
  readonly position?: { readonly line: number; readonly column: number } | undefined;
}

/** How a query ended; `full`: there is more than the page keeps. */
export type RunOutcome =
  | { readonly kind: "done"; readonly engine: string; readonly isCached: boolean }
  | { readonly kind: "stopped" }
  | { readonly kind: "full" }
  | { readonly kind: "failed"; readonly problem: RunProblem };

/** What the page is told while a query runs. */
export type RunMessage =
  | {
      readonly type: "rows";
      readonly batch: RecordBatch;
      readonly columns: readonly ResultColumn[] | null;
    }
  | { readonly type: "counts"; readonly counts: RunCounts }
  | { readonly type: "over"; readonly outcome: RunOutcome };

/** What the page tells the thread: to ask a query, the body of which this is; that it took a batch; to stop. */
export type ThreadOrder =
  | { readonly type: "ask"; readonly body: string }
  | { readonly type: "taken" }
  | { readonly type: "stop" };
