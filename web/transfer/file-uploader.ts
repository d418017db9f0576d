import { MULTIPART_THRESHOLD_BYTES } from "../../shared/part-plan.ts";
import { browserConnectivity } from "./line/connectivity.ts";
import { Heartbeat, type Living } from "./liveness/heartbeat.ts";
import { lifeSignOf } from "./liveness/life-sign.ts";
import { LineSpeed } from "./line/line-speed.ts";
import { CONNECTIONS_PER_ORIGIN, Origins } from "./line/origins.ts";
import { StorageHealth } from "./line/storage-health.ts";
import { createXhrTransport } from "./line/xhr.ts";
import { Notifier, type Listener } from "./progress/notifier.ts";
import { Progress } from "./progress/progress.ts";
import { addUp } from "./progress/totals.ts";
import { Remembering } from "./remembering.ts";
import type { UploadLink } from "./resume/index.ts";
import { ConnectionBudget } from "./schedule/connection-budget.ts";
import { Dispatcher } from "./schedule/dispatcher.ts";
import type { SharedWork } from "./shared-work.ts";
import { Arrivals } from "./source/arrivals.ts";
import { addedFile, addedStream, splitOptions, type SplitOptions } from "./source/added.ts";
import { UNKNOWN_STORAGE } from "./storage-facts.ts";
import { systemClock } from "./time/clock.ts";
import { createSleep } from "./time/sleep.ts";
import { SleepWatch } from "./time/sleep-watch.ts";
import { WakeLock } from "./time/wake-lock.ts";
import { Upload } from "./upload.ts";
import type { ResumableUpload, UploadTotals, UploadView } from "./upload-view.ts";
import type {
  AddOptions,
  ByteStream,
  FileInFolder,
  StreamOptions,
  Uploader,
  UploaderOptions,
} from "./uploader.ts";
import type { Added } from "./source/added.ts";

/** Speed fades on the page although nothing happens: looked at this often, in milliseconds. */
const LOOK_MS = 1_000;

const NO_OPTIONS: AddOptions = {};

/** Makes an uploader; nothing is sent before the first `add`. */
export function createFileUploader(options: UploaderOptions): Uploader {
  const uploader = new FileUploader(options);
  uploader.listen();
  return uploader;
}

class FileUploader implements Uploader {
  readonly #work: SharedWork;
  readonly #closing = new AbortController();
  readonly #dispatcher: Dispatcher;
  readonly #notifier: Notifier;
  readonly #remembering: Remembering | null;
  readonly #heartbeat: Heartbeat | null;
  readonly #sleepWatch: SleepWatch;
  readonly #wakeLock = new WakeLock();
  readonly #thresholdBytes: number;
  readonly #uploads = new Map<string, Upload>();
  readonly #progress = new Progress();
  readonly #arrivals: Arrivals;
  readonly #splits = new WeakMap<AddOptions, SplitOptions>();
  #lastNumber = 0;
  #hedgeCount = 0;
  #unsubscribe: (() => void) | null = null;
  #stopLooking: (() => void) | null = null;

  constructor(options: UploaderOptions) {
    this.#work = workOf(options, this.#closing.signal);
    const { clock } = this.#work;
    this.#dispatcher = new Dispatcher(this.#work);
    this.#notifier = new Notifier(clock);
    this.#arrivals = new Arrivals(clock);
    this.#sleepWatch = new SleepWatch(clock, () => this.#woke());
    this.#remembering = options.resume
      ? new Remembering(options.resume, this.#work, (id) => this.#notifier.stateChanged(id))
      : null;
    const { api } = options;
    this.#heartbeat = api.heartbeat
      ? new Heartbeat(clock, () => this.#living(), api.heartbeat.bind(api))
      : null;
    this.#thresholdBytes = options.multipartThresholdBytes ?? MULTIPART_THRESHOLD_BYTES;
  }

  listen(): void {
    const { connectivity } = this.#work;
    this.#unsubscribe = connectivity.subscribe(() => {
      if (connectivity.isOnline()) {
        // Perhaps another network, of another speed.
        this.#work.line.forget();
        this.#goOnNow();
      }
      this.#dispatcher.wake();
    });
    void this.#remembering?.load();
    globalThis.addEventListener?.("pagehide", this.#leave);
  }

  add(
    files: Iterable<File | FileInFolder> | ByteStream,
    options?: AddOptions | StreamOptions,
  ): readonly string[] {
    if (isByteStream(files)) return [this.#addStream(files, options)];
    const split = this.#split(options ?? NO_OPTIONS);
    const claim = (file: File, path: string) => this.#remembering?.claim(file, path) ?? null;
    const how = { thresholdBytes: this.#thresholdBytes, claim };
    return Array.from(files, (item) => {
      const id = this.#nextId();
      this.#arrivals.add(id, () => this.#enqueue(addedFile(id, placeOf(item), split, how)));
      return id;
    });
  }

  pause(id: string): void {
    this.#arrivals.afterwards(id, () => this.#uploads.get(id)?.pause());
  }

  resume(id: string): void {
    this.#arrivals.afterwards(id, () => this.#uploads.get(id)?.resume());
  }

  async cancel(id: string): Promise<void> {
    this.#arrivals.forget(id);
    await this.#uploads.get(id)?.cancel();
  }

  retry(id: string): void {
    const upload = this.#uploads.get(id);
    if (upload?.state.kind === "waiting") this.#goOnNow();
    else upload?.retry();
  }

  remove(id: string): void {
    this.#arrivals.forget(id);
    const upload = this.#uploads.get(id);
    if (!upload) return;
    this.#uploads.delete(id);
    this.#dispatcher.remove(upload);
    void upload.cancel();
    this.#notifier.stateChanged(id);
  }

  pauseAll(): void {
    for (const id of [...this.#uploads.keys(), ...this.#arrivals.ids]) this.pause(id);
  }

  resumeAll(): void {
    for (const id of [...this.#uploads.keys(), ...this.#arrivals.ids]) this.resume(id);
  }

  async cancelAll(): Promise<void> {
    this.#arrivals.clear();
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
    const { origins, budget, clock } = this.#work;
    const now = clock.now();
    return addUp(this.#uploads.values(), this.#progress, now, {
      connections: this.#dispatcher.connections,
      connectionLimit: budget.limit,
      origins: origins.views(now),
      route: origins.route(),
      hedgeCount: this.#hedgeCount,
      sleptMs: this.#sleepWatch.sleptMs(now),
    });
  }

  subscribe(listener: Listener): () => void {
    return this.#notifier.subscribe(listener);
  }

  resumable(): readonly ResumableUpload[] {
    return this.#remembering?.resumable() ?? [];
  }

  async takeUp(resumableId: string, file?: File): Promise<string> {
    if (this.#remembering === null) throw new TypeError("This uploader remembers nothing");
    const { record, ...taken } = await this.#remembering.takeUp(resumableId, file);
    const place = { ...taken, relativePath: record.relativePath };
    const checksum = record.checksumAlgorithm !== null;
    const split = this.#split({ ...record.options, checksum });
    const how = { thresholdBytes: 0, claim: () => async () => record };
    return this.#enqueue(addedFile(this.#nextId(), place, split, how));
  }

  async adopt(link: UploadLink): Promise<string> {
    if (this.#remembering === null) throw new TypeError("This uploader remembers nothing");
    return this.#remembering.adopt(link);
  }

  async discard(resumableId: string): Promise<void> {
    await this.#remembering?.discard(resumableId);
  }

  keepAwake(isWanted: boolean): void {
    this.#wakeLock.want(isWanted);
  }

  close(): void {
    this.#remembering?.close();
    this.#closing.abort(new DOMException("The uploader is closed", "AbortError"));
    for (const upload of this.#uploads.values()) upload.close();
    this.#unsubscribe?.();
    globalThis.removeEventListener?.("pagehide", this.#leave);
    this.#stopLooking?.();
    this.#arrivals.clear();
    this.#heartbeat?.close();
    this.#sleepWatch.stop();
    this.#wakeLock.want(false);
    this.#dispatcher.close();
    this.#notifier.close();
    this.#work.hasher?.close();
  }

  readonly #leave = (): void => {
    this.#remembering?.flush();
    this.#heartbeat?.leave();
  };

  *#living(): Iterable<Living> {
    for (const { session, state } of this.#uploads.values()) {
      const living = lifeSignOf(session, state);
      if (living !== null) yield living;
    }
  }

  /** The same for the same options: files that share them are opened together. */
  #split(options: AddOptions): SplitOptions {
    const known = this.#splits.get(options);
    if (known) return known;
    const split = splitOptions(options);
    this.#splits.set(options, split);
    return split;
  }

  #nextId(): string {
    this.#lastNumber += 1;
    return `upload-${this.#lastNumber}`;
  }

  #addStream(stream: ByteStream, options: AddOptions | StreamOptions | undefined): string {
    if (!options || !("name" in options)) throw new TypeError("A stream needs a name");
    return this.#enqueue(addedStream(this.#nextId(), stream, options));
  }

  #enqueue(added: Added): string {
    const upload = new Upload(added, this.#work, {
      stateChanged: (changed) => this.#stateChanged(changed),
      progressed: (changed, bytes) => this.#progressed(changed, bytes),
      partsChanged: (changed) => this.#remembering?.note(changed),
      sessionDropped: (_, session) => void this.#remembering?.forget(session),
      hedged: () => {
        this.#hedgeCount += 1;
      },
    });
    this.#uploads.set(added.id, upload);
    this.#stateChanged(upload);
    return added.id;
  }

  #stateChanged(upload: Upload): void {
    const { id } = upload.added;
    if (this.#closing.signal.aborted || this.#uploads.get(id) !== upload) return;
    if (upload.state.kind === "done" && upload.session) {
      void this.#remembering?.forget(upload.session);
    }
    this.#dispatcher.file(upload);
    this.#notifier.stateChanged(id);
    const living = lifeSignOf(upload.session, upload.state);
    if (living !== null) this.#heartbeat?.changed(living);
    this.#watchActivity();
  }

  #progressed(upload: Upload, bytes: number): void {
    if (this.#closing.signal.aborted) return;
    const now = this.#work.clock.now();
    if (bytes > 0) {
      this.#progress.moved(bytes, now);
      this.#work.budget.moved(bytes, this.#dispatcher.isFull, now);
    } else this.#dispatcher.wake();
    this.#notifier.progressed(upload.added.id);
    this.#stopLooking ??= this.#work.clock.schedule(() => this.#look(), LOOK_MS);
  }

  #look(): void {
    this.#stopLooking = null;
    if (this.#dispatcher.connections === 0) {
      this.#progress.reset();
      this.#work.budget.rest();
      return;
    }
    for (const upload of this.#dispatcher.sending()) {
      if (!upload.isSending) continue;
      upload.touch();
      this.#notifier.progressed(upload.added.id);
    }
    this.#stopLooking = this.#work.clock.schedule(() => this.#look(), LOOK_MS);
  }

  /** Looks for sleep, and holds the screen awake, only while something is unfinished. */
  #watchActivity(): void {
    const { isActive } = this.#dispatcher;
    this.#sleepWatch.watch(isActive);
    this.#wakeLock.setActive(isActive);
  }

  #woke(): void {
    const now = this.#work.clock.now();
    for (const upload of this.#dispatcher.sending()) upload.woke(now);
    this.#goOnNow();
  }

  /** Whatever waits for a time, waits no longer. */
  #goOnNow(): void {
    this.#work.storage.forgive();
    this.#work.origins.forgive();
    for (const upload of this.#dispatcher.sending()) upload.wake();
    this.#work.sleep.wakeAll();
    this.#dispatcher.wake();
  }
}

function workOf(options: UploaderOptions, signal: AbortSignal): SharedWork {
  const { clock = systemClock, random = Math.random, storage: facts = UNKNOWN_STORAGE } = options;
  const origins = new Origins(facts);
  const { connections = CONNECTIONS_PER_ORIGIN } = options;
  return {
    api: options.api,
    transport: options.transport ?? createXhrTransport(),
    clock,
    random,
    connectivity: options.connectivity ?? browserConnectivity,
    sleep: createSleep(clock),
    storage: new StorageHealth(clock, random),
    facts,
    origins,
    line: new LineSpeed(),
    budget: new ConnectionBudget({
      initial: connections,
      most: () => origins.capacity(clock.now()),
    }),
    hasher: options.hasher ?? null,
    signal,
  };
}

function isByteStream(files: Iterable<File | FileInFolder> | ByteStream): files is ByteStream {
  return typeof files === "function" || files instanceof ReadableStream;
}

function placeOf(item: File | FileInFolder): FileInFolder {
  if ("file" in item) return item;
  return { file: item, relativePath: item.webkitRelativePath || item.name };
}
