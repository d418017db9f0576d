import type { MessagePort } from "node:worker_threads";
import type { ByteRange } from "../../../shared/byte-range.ts";
import type {
  SelectInput,
  SelectOutput,
  SelectRequest,
} from "../../../shared/select/select-request.ts";
import type { Block } from "../blocks/block-memory.ts";
import type { BlockAnswer } from "../blocks/block-scan.ts";
import type { KernelMemory } from "../kernel/web-assembly.ts";
import type { PlainError } from "./plain-error.ts";

/** A query about blocks that lie in shared memory. */
export interface PlainTask {
  readonly sql: string;
  readonly input: SelectInput;
  readonly output: SelectOutput;
  readonly header: readonly string[] | null;
  /** When the query began, as timestamps are written. */
  readonly now: string;
}

/** An object that somebody else reads, and where what is found out about it goes. */
export interface RemoteObject {
  readonly sizeBytes: number;
  readonly found: MessagePort;
  readonly reads: MessagePort;
}

/** What a thread is asked. */
export type ThreadRequest =
  /** The whole of a query, whose events go through the port. */
  | ({ readonly kind: "query"; readonly request: SelectRequest } & RemoteObject)
  /** What an object seems to be: the one thing that goes through the port. */
  | ({ readonly kind: "detect" } & RemoteObject)
  | {
      readonly kind: "open";
      readonly taskId: number;
      readonly task: PlainTask;
      readonly memory: KernelMemory;
    }
  | {
      readonly kind: "scan";
      readonly taskId: number;
      readonly block: Block;
      readonly leftCount: number;
    }
  | { readonly kind: "close"; readonly taskId: number };

/** A block's answer; what it failed with is data. */
export type PlainAnswer = Omit<BlockAnswer, "error"> & { readonly error: PlainError | null };

export interface ThreadReply {
  readonly taskId: number;
  readonly slot: number;
  readonly answer: PlainAnswer;
}

/** Bytes that a thread asks for. */
export type ReadRequest =
  /** They come through the port. */
  | {
      readonly kind: "pieces";
      readonly range: ByteRange;
      readonly pieces: MessagePort;
      /** Each of them comes back before the next one is drawn. */
      readonly areLent: boolean;
    }
  /** They are put into memory that both have. */
  | {
      readonly kind: "shared";
      readonly readId: number;
      readonly target: Uint8Array<SharedArrayBuffer>;
      readonly start: number;
    };

/** What became of those that are put into memory. */
export interface ReadReply {
  readonly readId: number;
  readonly filledBytes: number;
  readonly error: PlainError | null;
}
