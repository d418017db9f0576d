import type { PartHasher } from "./checksum/index.ts";
import { createFileUploader } from "./file-uploader.ts";
import type { OpenOptions } from "./backend/opener.ts";
import type { UploadApi } from "./backend/upload-api.ts";
import type { Connectivity } from "./line/connectivity.ts";
import type { PartTransport } from "./line/part-transport.ts";
import type { ResumeStore, UploadLink, UploadLocks } from "./resume/index.ts";
import type { Clock } from "./time/clock.ts";
import type { StorageFacts } from "./storage-facts.ts";
import type { ResumableUpload, UploadTotals, UploadView } from "./upload-view.ts";

/** How the files of one `add` become objects; what is left out, the server decides. */
export interface AddOptions extends Omit<OpenOptions, "contentEncoding" | "origins"> {
  /** Texts are packed by gzip on the way up and kept so, under their own name. */
  readonly gzip?: boolean;
  /** Every byte is checksummed while it is read and held against the storage's word; true unless told. */
  readonly checksum?: boolean;
}

/** A file and where it lay in its folder, `/`-separated. */
export interface FileInFolder {
  readonly file: File;
  readonly relativePath: string;
  /** With it, an upload goes on after a reload without the file being chosen again. */
  readonly handle?: FileSystemFileHandle | null;
}

/** Bytes that are made on the way; the function gives them again from the start, after a loss. */
export type ByteStream = ReadableStream<Uint8Array> | (() => ReadableStream<Uint8Array>);

/** What a stream is stored as. */
export interface StreamOptions extends AddOptions {
  readonly name: string;
  readonly contentType?: string;
  /** Folder path and name, `/`-separated. */
  readonly relativePath?: string;
}

/** What an uploader is made of; all but the backend has a default. */
export interface UploaderOptions {
  readonly api: UploadApi;
  /** What the server's configuration says of the storage; careful guesses unless told. */
  readonly storage?: StorageFacts;
  readonly transport?: PartTransport;
  readonly clock?: Clock;
  /** From 0 to below 1. */
  readonly random?: () => number;
  readonly connectivity?: Connectivity;
  /** Requests to the storage at once, over all files, to begin with; it finds its own level from there. */
  readonly connections?: number;
  /** Files from this size on go in parts, in bytes; 16 MiB unless told. */
  readonly multipartThresholdBytes?: number;
  /** `null`: bytes are not checksummed. */
  readonly hasher?: PartHasher | null;
  /** `null`: nothing is remembered over a reload. */
  readonly resume?: { readonly store: ResumeStore; readonly locks: UploadLocks } | null;
}

/** Files on their way to the storage. Functions that name an unknown upload do nothing. */
export interface Uploader {
  /**
   * Puts files into the queue and names them; of thousands, those that do not fit into a moment
   * appear in the moments after. A file whose upload an earlier visit left unfinished goes on where
   * that ended.
   */
  add(files: Iterable<File | FileInFolder>, options?: AddOptions): readonly string[];
  /** Puts a stream of unknown length into the queue. */
  add(stream: ByteStream, options: StreamOptions): readonly string[];
  /** Stops at once and keeps what the storage holds. */
  pause(id: string): void;
  resume(id: string): void;
  /**
   * Stops for good; resolves when the storage has given the parts back, or that was given up. An
   * upload that the storage had completed by then ends as done.
   */
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
  /** Unfinished uploads of earlier visits and other tabs, the newest first. */
  resumable(): readonly ResumableUpload[];
  /**
   * Goes on with one of them, with the file that the browser kept (it may ask for permission: call it
   * in a click) or the one given. Answers the upload's name.
   * @throws TransferError `file-changed`, `file-unreadable`, `file-denied`, `in-use`, `not-found`
   */
  takeUp(resumableId: string, file?: File): Promise<string>;
  /**
   * Adds an upload that a link names to those that can go on, unless it is one of them. Answers its
   * resumable ID.
   * @throws TransferError `upload-gone`, `not-yours`, `id-expired`, `id-invalid`, or why the backend did not answer
   */
  adopt(link: UploadLink): Promise<string>;
  /** Gives one of them up, and its parts back to the storage. */
  discard(resumableId: string): Promise<void>;
  /** Holds the screen awake while something is uploaded, if wanted and possible. */
  keepAwake(isWanted: boolean): void;
  /** Stops every request and timer; what the storage holds stays there. */
  close(): void;
}

/** Makes an uploader; nothing is sent before the first `add`. */
export function createUploader(options: UploaderOptions): Uploader {
  return createFileUploader(options);
}
