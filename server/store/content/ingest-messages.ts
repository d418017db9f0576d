import type { DigestName } from "../checksum/digests.ts";

/** Size of one block, in bytes: what travels to a thread at once. */
export const BLOCK_SIZE_BYTES = 256 * 1024;

/** To an ingest thread. A small body comes as one message: opened, written, finished. */
export interface IngestRequest {
  readonly streamId: number;
  /** The first message of a stream: the file to create, its directory, what to compute. */
  readonly open?: {
    readonly path: string;
    readonly directory: string;
    readonly digests: readonly DigestName[];
  };
  /** Bytes to write: the first of a block that moves to the thread, and back when they are written. */
  readonly block?: { readonly buffer: ArrayBuffer; readonly sizeBytes: number };
  /** `finish`: sync file and directory; `discard`: remove the file. */
  readonly end?: "finish" | "discard";
}

/** From an ingest thread. */
export type IngestReply =
  /** The block may be used again. */
  | { readonly kind: "consumed"; readonly streamId: number; readonly buffer: ArrayBuffer }
  /** File and directory are on the disk. */
  | {
      readonly kind: "finished";
      readonly streamId: number;
      readonly digests: Readonly<Partial<Record<DigestName, Uint8Array>>>;
    }
  | { readonly kind: "discarded"; readonly streamId: number }
  /** The stream is dead and its file removed; blocks that still come are consumed, a discard is answered. */
  | {
      readonly kind: "failed";
      readonly streamId: number;
      readonly message: string;
      /** Of the system, such as ENOSPC; errors lose it on their way between threads. */
      readonly code: string | undefined;
    };
