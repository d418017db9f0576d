import type { CreateUploadsRequest } from "../../shared/api.ts";
import type { Clock } from "./clock.ts";
import type { Connectivity } from "./connectivity.ts";
import type { PartTransport } from "./transport/part-transport.ts";
import type { UploadApi } from "./upload-api.ts";
import type { UploadTotals, UploadView } from "./upload-view.ts";

/** How the files of one `add` become objects; what is left out, the server decides. */
export type AddOptions = Omit<CreateUploadsRequest, "files">;

/** A file and where it lay in its folder, `/`-separated. */
export interface FileInFolder {
  readonly file: File;
  readonly relativePath: string;
}

/** What an uploader is made of; all but the backend has a default. */
export interface UploaderOptions {
  readonly api: UploadApi;
  readonly transport?: PartTransport;
  readonly clock?: Clock;
  /** From 0 to below 1. */
  readonly random?: () => number;
  readonly connectivity?: Connectivity;
  /** Requests to the storage at once, over all files; 6 unless told. */
  readonly connections?: number;
  /** Files that go up in parts at once; 3 unless told. */
  readonly openMultiparts?: number;
  /** Files from this size on are expected to go in parts, in bytes; 16 MiB unless told. */
  readonly multipartThresholdBytes?: number;
}

/** Files on their way to the storage. Functions that name an unknown upload do nothing. */
export interface Uploader {
  /** Puts files into the queue and names them; cheap for thousands. */
  add(files: Iterable<File | FileInFolder>, options?: AddOptions): readonly string[];
  /** Stops at once and keeps what the storage holds. */
  pause(id: string): void;
  resume(id: string): void;
  /** Stops for good; resolves when the storage has given the parts back, or that was given up. */
  cancel(id: string): Promise<void>;
  /** Starts a failed or cancelled upload again, and a waiting one at once. */
  retry(id: string): void;
  /** Forgets an upload; an unfinished one is cancelled first. */
  remove(id: string): void;
  pauseAll(): void;
  resumeAll(): void;
  cancelAll(): Promise<void>;
  retryAll(): void;
  /** Forgets everything done or cancelled. */
  clearFinished(): void;
  /** In the order they were added. */
  ids(): readonly string[];
  /** The same object until something in it changes. */
  get(id: string): UploadView | undefined;
  totals(): UploadTotals;
  /**
   * Calls `listener` with the IDs that changed (added and removed ones too): in a microtask when a
   * state changed, at most eight times a second for progress. The answer ends that.
   */
  subscribe(listener: (changedIds: ReadonlySet<string>) => void): () => void;
  /** Stops every request and timer; what the storage holds stays there. */
  close(): void;
}

/** Makes an uploader; nothing is sent before the first `add`. */
export function createUploader(_options: UploaderOptions): Uploader {
  throw new Error("The uploader is being built");
}
