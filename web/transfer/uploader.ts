import { MULTIPART_THRESHOLD_BYTES } from "../../shared/part-plan.ts";
import { systemClock, type Clock } from "./time/clock.ts";
import { browserConnectivity, type Connectivity } from "./line/connectivity.ts";
import { Dispatcher } from "./schedule/dispatcher.ts";
import { Notifier, type Listener } from "./progress/notifier.ts";
import type { OpenOptions } from "./backend/opener.ts";
import { Progress } from "./progress/progress.ts";
import type { SharedWork } from "./shared-work.ts";
import { createSleep } from "./time/sleep.ts";
import { StorageHealth } from "./line/storage-health.ts";
import { addUp } from "./progress/totals.ts";
import type { PartTransport } from "./line/part-transport.ts";
import { createXhrTransport } from "./line/xhr.ts";
import type { UploadApi } from "./backend/upload-api.ts";
import type { UploadTotals, UploadView } from "./upload-view.ts";
import { Upload } from "./upload.ts";

/** How the files of one `add` become objects; what is left out, the server decides. */
export type AddOptions = OpenOptions;

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
  /** Stops every request and timer; what the storage holds stays there. */
  close(): void;
}

/** Speed fades on the page although nothing happens: looked at this often, in milliseconds. */
const HEARTBEAT_MS = 1_000;

/** Makes an uploader; nothing is sent before the first `add`. */
export function createUploader(options: UploaderOptions): Uploader {
  const uploader = new FileUploader(options);
  uploader.listen();
  return uploader;
}

class FileUploader implements Uploader {
  readonly #work: SharedWork;
  readonly #closing = new AbortController();
  readonly #dispatcher: Dispatcher;
  readonly #notifier: Notifier;
  readonly #thresholdBytes: number;
  readonly #uploads = new Map<string, Upload>();
  readonly #progress = new Progress();
  #lastNumber = 0;
  #unsubscribe: (() => void) | null = null;
  #stopHeartbeat: (() => void) | null = null;

  constructor(options: UploaderOptions) {
    const { clock = systemClock, random = Math.random } = options;
    this.#work = {
      api: options.api,
      transport: options.transport ?? createXhrTransport(),
      clock,
      random,
      connectivity: options.connectivity ?? browserConnectivity,
      sleep: createSleep(clock),
      storage: new StorageHealth(clock, random),
      signal: this.#closing.signal,
    };
    const { connections = 6, openMultiparts = 3 } = options;
    this.#dispatcher = new Dispatcher(this.#work, { connections, openMultiparts });
    this.#notifier = new Notifier(clock);
    this.#thresholdBytes = options.multipartThresholdBytes ?? MULTIPART_THRESHOLD_BYTES;
  }

  listen(): void {
    const { connectivity } = this.#work;
    this.#unsubscribe = connectivity.subscribe(() => {
      if (connectivity.isOnline()) this.#goOnNow();
      this.#dispatcher.wake();
    });
  }

  add(files: Iterable<File | FileInFolder>, options: AddOptions = {}): readonly string[] {
    const ids: string[] = [];
    for (const item of files) {
      const { file, relativePath } = placeOf(item);
      this.#lastNumber += 1;
      const id = `upload-${this.#lastNumber}`;
      const snapshot = { sizeBytes: file.size, lastModified: file.lastModified };
      const expectsParts = snapshot.sizeBytes >= this.#thresholdBytes;
      const added = { id, chosen: { file, snapshot }, relativePath, options, expectsParts };
      const upload = new Upload(added, this.#work, {
        stateChanged: (changed) => this.#stateChanged(changed),
        progressed: (changed, bytes) => this.#progressed(changed, bytes),
      });
      this.#uploads.set(id, upload);
      this.#stateChanged(upload);
      ids.push(id);
    }
    return ids;
  }

  pause(id: string): void {
    this.#uploads.get(id)?.pause();
  }

  resume(id: string): void {
    this.#uploads.get(id)?.resume();
  }

  async cancel(id: string): Promise<void> {
    await this.#uploads.get(id)?.cancel();
  }

  retry(id: string): void {
    const upload = this.#uploads.get(id);
    if (upload?.state.kind === "waiting") this.#goOnNow();
    else upload?.retry();
  }

  remove(id: string): void {
    const upload = this.#uploads.get(id);
    if (!upload) return;
    this.#uploads.delete(id);
    this.#dispatcher.remove(upload);
    void upload.cancel();
    this.#notifier.stateChanged(id);
  }

  pauseAll(): void {
    for (const upload of this.#uploads.values()) upload.pause();
  }

  resumeAll(): void {
    for (const upload of this.#uploads.values()) upload.resume();
  }

  async cancelAll(): Promise<void> {
    const unfinished = [...this.#uploads.values()].filter(({ state }) => state.kind !== "failed");
    await Promise.all(unfinished.map((upload) => upload.cancel()));
  }

  retryAll(): void {
    this.#goOnNow();
    for (const upload of this.#uploads.values()) {
      if (upload.state.kind === "failed") upload.retry();
    }
  }

  clearFinished(): void {
    for (const [id, { state }] of this.#uploads) {
      if (state.kind === "done" || state.kind === "cancelled") this.remove(id);
    }
  }

  ids(): readonly string[] {
    return [...this.#uploads.keys()];
  }

  get(id: string): UploadView | undefined {
    return this.#uploads.get(id)?.view;
  }

  totals(): UploadTotals {
    const { connections } = this.#dispatcher;
    return addUp(this.#uploads.values(), this.#progress, connections, this.#work.clock.now());
  }

  subscribe(listener: Listener): () => void {
    return this.#notifier.subscribe(listener);
  }

  close(): void {
    this.#closing.abort(new DOMException("The uploader is closed", "AbortError"));
    for (const upload of this.#uploads.values()) upload.close();
    this.#unsubscribe?.();
    this.#stopHeartbeat?.();
    this.#dispatcher.close();
    this.#notifier.close();
  }

  #stateChanged(upload: Upload): void {
    const { id } = upload.added;
    if (this.#closing.signal.aborted || this.#uploads.get(id) !== upload) return;
    this.#dispatcher.file(upload);
    this.#notifier.stateChanged(id);
  }

  #progressed(upload: Upload, bytes: number): void {
    if (this.#closing.signal.aborted) return;
    if (bytes > 0) this.#progress.moved(bytes, this.#work.clock.now());
    else this.#dispatcher.wake();
    this.#notifier.progressed(upload.added.id);
    this.#stopHeartbeat ??= this.#work.clock.schedule(() => this.#beat(), HEARTBEAT_MS);
  }

  #beat(): void {
    this.#stopHeartbeat = null;
    if (this.#dispatcher.connections === 0) {
      this.#progress.reset();
      return;
    }
    for (const upload of this.#dispatcher.sending()) {
      if (!upload.isSending) continue;
      upload.touch();
      this.#notifier.progressed(upload.added.id);
    }
    this.#stopHeartbeat = this.#work.clock.schedule(() => this.#beat(), HEARTBEAT_MS);
  }

  /** Whatever waits for a time, waits no longer. */
  #goOnNow(): void {
    this.#work.storage.forgive();
    for (const upload of this.#dispatcher.sending()) upload.wake();
    this.#work.sleep.wakeAll();
    this.#dispatcher.wake();
  }
}

function placeOf(item: File | FileInFolder): FileInFolder {
  if ("file" in item) return item;
  return { file: item, relativePath: item.webkitRelativePath || item.name };
}
