import type { HashAlgorithm } from "./part-hasher.ts";

/** To the worker. */
export type HashRequest =
  | {
      readonly kind: "hash";
      readonly jobId: number;
      readonly blob: Blob;
      /** Of the pieces that are hashed each for itself; together they are the blob. */
      readonly sizesBytes: readonly number[];
      readonly algorithm: HashAlgorithm;
    }
  /** Stops reading; nothing answers it. */
  | { readonly kind: "cancel"; readonly jobId: number };

/** From the worker, once a job that was not cancelled. */
export type HashReply =
  | { readonly kind: "hashed"; readonly jobId: number; readonly values: string[] }
  | {
      readonly kind: "failed";
      readonly jobId: number;
      /** Name and message of the error: not every browser sends errors whole. */
      readonly name: string;
      readonly message: string;
    };
