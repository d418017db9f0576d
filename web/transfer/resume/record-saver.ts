import { toTransferError, type TransferError } from "../problem.ts";
import type { Clock } from "../time/clock.ts";
import type { ResumeStore } from "./resume-store.ts";
import type { UploadRecord } from "./upload-record.ts";

/** Saves of one record start at least this far apart, in milliseconds. */
const SAVE_INTERVAL_MS = 1_000;

/** Writes records as often as is worth it, the newest last. */
export interface RecordSaver {
  /**
   * Has a record written: at once where none was for a second, else when that is over. Of several
   * that wait, the last is written; a handle that came with an earlier one is written with it.
   */
  save(record: UploadRecord, handle?: FileSystemFileHandle | null): void;
  /** Writes at once what waits: a page that goes away has no later. Never rejects. */
  flush(): Promise<void>;
  /** Forgets a record for good, whatever is saved under its ID before or after. Never rejects. */
  remove(recordId: string): Promise<void>;
}

/**
 * Makes a saver; it has no timer but while a record waits.
 * @param onFailure told the first time that the store could not be written, and never again: the
 *   upload goes on without being remembered
 */
export function createRecordSaver(
  store: ResumeStore,
  clock: Clock,
  onFailure: (error: TransferError) => void,
): RecordSaver {
  const lines = new Map<string, RecordLine>();
  const removed = new Set<string>();
  let tell: typeof onFailure | null = onFailure;
  const failed = (error: unknown) => {
    tell?.(toTransferError(error));
    tell = null;
  };
  return {
    save(record, handle) {
      const { recordId } = record;
      if (removed.has(recordId)) return;
      const line = lines.get(recordId) ?? new RecordLine(store, clock, failed);
      lines.set(recordId, line);
      line.save(record, handle);
    },
    async flush() {
      await Promise.all(Array.from(lines.values(), (line) => line.flush()));
    },
    async remove(recordId) {
      removed.add(recordId);
      lines.get(recordId)?.drop();
      lines.delete(recordId);
      // The store keeps the order of calls, so that a save under way comes before this.
      await store.remove(recordId).catch(failed);
    },
  };
}

/** The saves of one record. */
class RecordLine {
  readonly #store: ResumeStore;
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  readonly #underWay = new Set<Promise<void>>();
  #waiting: UploadRecord | null = null;
  /** Not written yet; undefined where the kept one stays. */
  #handle: FileSystemFileHandle | null | undefined = undefined;
  #keptHandle: FileSystemFileHandle | null | undefined = undefined;
  #lastSaveAt = -Infinity;
  #unschedule: (() => void) | null = null;

  constructor(store: ResumeStore, clock: Clock, failed: (error: unknown) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#failed = failed;
  }

  save(record: UploadRecord, handle: FileSystemFileHandle | null | undefined): void {
    this.#waiting = record;
    // Cloning a handle is a call to another process: one that lies there stays.
    if (handle !== undefined) this.#handle = handle === this.#keptHandle ? undefined : handle;
    this.#arrange();
  }

  /** Does not wait for a save under way first: the page may be gone by then, and the store keeps order. */
  async flush(): Promise<void> {
    this.#write();
    await Promise.all(this.#underWay);
  }

  drop(): void {
    this.#waiting = null;
    this.#cancelTimer();
  }

  #arrange(): void {
    if (!this.#waiting || this.#unschedule || this.#underWay.size > 0) return;
    const sinceLastMs = this.#clock.now() - this.#lastSaveAt;
    // A clock that was set back would keep the record waiting for as long.
    const delayMs = Math.min(SAVE_INTERVAL_MS, SAVE_INTERVAL_MS - sinceLastMs);
    if (delayMs <= 0) this.#write();
    else this.#unschedule = this.#clock.schedule(() => this.#write(), delayMs);
  }

  #write(): void {
    this.#cancelTimer();
    const record = this.#waiting;
    if (!record) return;
    this.#waiting = null;
    this.#lastSaveAt = this.#clock.now();
    const saving = this.#saveNow(record).then(() => {
      this.#underWay.delete(saving);
      this.#arrange();
    });
    this.#underWay.add(saving);
  }

  async #saveNow(record: UploadRecord): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    try {
      await this.#store.save(record, handle);
      if (handle !== undefined) this.#keptHandle = handle;
    } catch (error) {
      // The record is superseded soon; its handle comes once.
      if (this.#handle === undefined) this.#handle = handle;
      this.#failed(error);
    }
  }

  #cancelTimer(): void {
    this.#unschedule?.();
    this.#unschedule = null;
  }
}
