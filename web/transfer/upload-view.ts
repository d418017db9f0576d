import type { CompleteUploadResponse } from "../../shared/api.ts";

/** Why an upload stands still although nobody paused it. */
export type WaitReason = "offline" | "backoff" | "throttled";

/** What went wrong, in codes; the page turns them into a person's sentence with a remedy. */
export interface UploadProblem {
  /** A code of `shared/problem.ts`, or one that only a browser can find out. */
  readonly code: string;
  /** One English sentence for logs and for the curious. */
  readonly detail: string;
  readonly s3Code?: string;
  readonly requestId?: string;
}

/** What the storage says that it now holds. */
export type Receipt = CompleteUploadResponse;

/** Where an upload stands: `design` calls it the state of one upload. */
export type UploadState =
  | { readonly kind: "queued" }
  | { readonly kind: "opening" }
  | { readonly kind: "uploading" }
  | {
      readonly kind: "waiting";
      readonly reason: WaitReason;
      /** When it goes on by itself, in milliseconds since 1970; `null` where only an event ends it. */
      readonly retryAt: number | null;
      readonly problem?: UploadProblem;
    }
  | { readonly kind: "paused" }
  | { readonly kind: "completing" }
  | { readonly kind: "done"; readonly receipt: Receipt }
  | { readonly kind: "failed"; readonly problem: UploadProblem }
  | { readonly kind: "cancelled" };

/** State of one part in the strip: 0 waiting, 1 on its way, 2 being sent again, 3 held by the storage. */
export type PartMark = 0 | 1 | 2 | 3;

/** An immutable picture of one upload; a new object whenever something in it changed. */
export interface UploadView {
  readonly id: string;
  readonly name: string;
  /** Folder path and name, `/`-separated; equals `name` for a lone file. */
  readonly relativePath: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly state: UploadState;
  /** Bytes that count as sent: parts held by the storage and what the others have moved so far. */
  readonly sentBytes: number;
  /** Smoothed; 0 while nothing moves. */
  readonly bytesPerSecond: number;
  /** `null` while it cannot be said. */
  readonly secondsLeft: number | null;
  /** Known once opened. */
  readonly key: string | null;
  /** One entry a part, in order; empty for a file that goes in one request. */
  readonly parts: readonly PartMark[];
  /** Requests that had to be sent again so far. */
  readonly retryCount: number;
}

/** All uploads together. */
export interface UploadTotals {
  readonly fileCount: number;
  readonly countByState: Readonly<Record<UploadState["kind"], number>>;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly bytesPerSecond: number;
  readonly secondsLeft: number | null;
  /** Requests to the storage under way. */
  readonly connections: number;
}
