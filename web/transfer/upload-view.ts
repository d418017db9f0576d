import type { Checksum, CompleteUploadResponse } from "../../shared/api.ts";

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

/** What the storage says that it now holds, and what we made of the bytes while they were read. */
export interface Receipt extends CompleteUploadResponse {
  /** Our own checksum of the whole file; equal to the storage's where both are there. */
  readonly computed?: Checksum;
}

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
  /** Of a stream: what was read of it so far. */
  readonly sizeBytes: number;
  /** False while a stream goes on. */
  readonly isSizeKnown: boolean;
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
  /** Requests to the storage under way for it. */
  readonly connections: number;
  /** Bytes that the storage held already when an earlier visit's upload was taken up again. */
  readonly resumedBytes: number;
  /** It began anew by itself, because the storage no longer knew what had been sent. */
  readonly startedAgain: boolean;
}

/** An upload of an earlier visit (or of another tab) that could go on. */
export interface ResumableUpload {
  readonly id: string;
  readonly name: string;
  readonly relativePath: string;
  readonly sizeBytes: number;
  /** Bytes that the storage had confirmed. */
  readonly heldBytes: number;
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly updatedAt: number;
  /**
   * `ready`: a click is enough, the browser kept the file. `choose`: the same file has to be chosen
   * again. `elsewhere`: another tab works on it.
   */
  readonly how: "ready" | "choose" | "elsewhere";
}

/** An origin of the storage and how it does. */
export interface OriginView {
  readonly origin: string;
  readonly kind: "direct" | "accelerated";
  /** `trial`: being measured. `slow`, `failing` and `unneeded`: nothing goes there at the moment. */
  readonly state: "used" | "trial" | "slow" | "failing" | "unneeded";
  /** Of one connection, smoothed; `null` before anything was measured. */
  readonly bytesPerSecond: number | null;
  readonly connections: number;
}

/** Which way the bytes go where the bucket has Transfer Acceleration. */
export interface RouteView {
  readonly kind: "measuring" | "direct" | "accelerated";
  /** How many times as fast the accelerated way was; `null` while it is being measured. */
  readonly speedup: number | null;
  /** US dollars a GB for the accelerated way. */
  readonly usdPerGb: number | null;
  /** Bytes that went the accelerated way so far. */
  readonly acceleratedBytes: number;
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
  /** Most that would be under way now: found by what more of them gained. */
  readonly connectionLimit: number;
  readonly origins: readonly OriginView[];
  /** Null where there is no acceleration. */
  readonly route: RouteView | null;
  /** Requests sent again, and parts sent twice because one connection lagged. */
  readonly retryCount: number;
  readonly hedgeCount: number;
  /** How long the machine slept, in milliseconds, told for a minute after it woke; else null. */
  readonly sleptMs: number | null;
}
