import { callBackend } from "./backend/backend-call.ts";
import { giveBack } from "./backend/give-back.ts";
import { TransferError } from "./problem.ts";
import {
  createRecordSaver,
  matchRecord,
  openKept,
  proveSameFile,
  RECORD_LIFE_MS,
  recordOfLink,
  type Hold,
  type RecordSaver,
  type ResumeStore,
  type StoredUpload,
  type UploadLink,
  type UploadLocks,
  type UploadRecord,
} from "./resume/index.ts";
import { isMultipart, type Session } from "./session.ts";
import type { SharedWork } from "./shared-work.ts";
import { recordOf } from "./upload-record.ts";
import type { ResumableUpload } from "./upload-view.ts";
import type { Upload } from "./upload.ts";

/** Where uploads are remembered, and who works on them. */
export interface ResumePorts {
  readonly store: ResumeStore;
  readonly locks: UploadLocks;
}

/** An upload of an earlier visit, its file proved, and ours alone. */
export interface TakenUp {
  readonly record: UploadRecord;
  readonly file: File;
  readonly handle: FileSystemFileHandle | null;
}

/** An upload that this tab works on. */
interface Entry {
  readonly recordId: string;
  readonly startedAt: number;
  readonly hold: Promise<Hold | null>;
}

/** Parts come by the dozen a second; a record is made at most this often, in milliseconds. */
const NOTE_EVERY_MS = 1_000;

/** Other tabs end and begin uploads: looked at this often while any is shown, in milliseconds. */
const LOOK_EVERY_MS = 15_000;

/** A database that answers later than this counts as empty, in milliseconds. */
const LOAD_WITHIN_MS = 3_000;

/** Remembers uploads in parts over reloads and crashes, and finds again what was left unfinished. */
export class Remembering {
  readonly #ports: ResumePorts;
  readonly #work: SharedWork;
  readonly #saver: RecordSaver;
  readonly #onChange: (resumableId: string) => void;
  /** By the session's ID. */
  readonly #entries = new Map<string, Entry>();
  readonly #dirty = new Set<Upload>();
  #earlier = new Map<string, StoredUpload>();
  #elsewhere: ReadonlySet<string> = new Set();
  #isLoaded = false;
  #loading: Promise<void> | null = null;
  #unscheduleNote: (() => void) | null = null;
  #unscheduleLook: (() => void) | null = null;

  /** @param onChange told of every resumable upload that comes, goes or changes */
  constructor(ports: ResumePorts, work: SharedWork, onChange: (resumableId: string) => void) {
    this.#ports = ports;
    this.#work = work;
    this.#onChange = onChange;
    // Whoever cannot be remembered goes up all the same.
    this.#saver = createRecordSaver(ports.store, work.clock, () => undefined);
  }

  /** Reads what earlier visits left; never rejects, because uploading needs none of it. */
  load(): Promise<void> {
    this.#loading ??= this.#look().finally(() => {
      this.#loading = null;
      this.#isLoaded = true;
    });
    return this.#loading;
  }

  /** The newest first. */
  resumable(): readonly ResumableUpload[] {
    return [...this.#earlier.values()]
      .map((stored) => this.#describe(stored))
      .toSorted((a, b) => b.updatedAt - a.updatedAt);
  }

  /**
   * What a newly added file may go on with: a function that proves it, or null where nothing fits.
   * @param relativePath folder path and name, `/`-separated
   */
  claim(
    file: File,
    relativePath: string,
  ): ((signal: AbortSignal) => Promise<UploadRecord | null>) | null {
    const find = () => {
      const { name, size, lastModified } = file;
      const records = Array.from(this.#earlier.values(), ({ record }) => record);
      return matchRecord({ name, size, lastModified, relativePath }, records);
    };
    if (this.#isLoaded && find() === null) return null;
    return async (signal) => {
      if (!this.#isLoaded) await this.load();
      const record = find();
      return record === null ? null : this.#claimRecord(record, file, signal);
    };
  }

  /**
   * Takes an earlier upload up, with the file that the browser kept unless one is given.
   * @throws TransferError `file-changed`, `file-unreadable`, `file-denied`, `in-use`, `not-found`
   */
  async takeUp(resumableId: string, given?: File): Promise<TakenUp> {
    const stored = this.#earlier.get(resumableId);
    if (!stored)
      throw new TransferError("not-found", "permanent", "Nothing is left of this upload");
    const { handle } = stored;
    const file = given ?? (await keptFile(handle));
    const hold = await this.#ports.locks.tryHold(resumableId);
    if (hold === null) throw inUse(stored.record);
    const record = await this.#newest(stored.record);
    const difference = await this.#prove(file, record, this.#work.signal).catch(async (error) => {
      await hold.release();
      throw error;
    });
    if (difference) {
      await hold.release();
      throw difference;
    }
    this.#own(record, hold);
    return { record, file, handle: given ? null : handle };
  }

  /**
   * Remembers an upload that another browser began, and answers its ID. Where this browser knows it
   * too, what it knows counts: dates, options, and perhaps the file itself.
   * @throws TransferError `upload-gone` and what the backend says
   */
  async adopt(link: UploadLink): Promise<string> {
    const { signal, clock } = this.#work;
    const listed = await callBackend(() => this.#work.api.list(link.sessionId, signal), this.#work);
    const record = recordOfLink(link, listed, clock.now());
    if (!this.#isLoaded) await this.load();
    const known = [...this.#earlier.values()].find(({ record: { key, sizeBytes, startedAt } }) => {
      const isOver = clock.now() - startedAt > RECORD_LIFE_MS;
      return key === record.key && sizeBytes === record.sizeBytes && !isOver;
    });
    if (known) return known.record.recordId;
    this.#earlier.set(record.recordId, { record, handle: null });
    this.#saver.save(record);
    this.#onChange(record.recordId);
    return record.recordId;
  }

  /** Gives an earlier upload up, and its parts back. */
  async discard(resumableId: string): Promise<void> {
    const stored = this.#earlier.get(resumableId);
    const hold = stored && (await this.#ports.locks.tryHold(resumableId));
    if (!stored || !hold) return;
    this.#earlier.delete(resumableId);
    this.#onChange(resumableId);
    await this.#saver.remove(resumableId);
    await giveBack({ id: stored.record.sessionId, isMultipart: true }, this.#work);
    await hold.release();
  }

  /** Something of an upload's parts changed. */
  note(upload: Upload): void {
    const { session, added } = upload;
    if (session === null || !isMultipart(session) || !added.source.isSeekable) return;
    const isNew = !this.#entries.has(session.id);
    this.#dirty.add(upload);
    if (isNew) this.#enter(session);
    if (isNew) this.#write();
    else this.#unscheduleNote ??= this.#work.clock.schedule(() => this.#write(), NOTE_EVERY_MS);
  }

  /** A session is done, given up, or lost: nothing goes on from it. */
  async forget(session: Session): Promise<void> {
    const entry = this.#entries.get(session.id);
    if (!entry) return;
    this.#entries.delete(session.id);
    await this.#saver.remove(entry.recordId);
    await (await entry.hold)?.release();
  }

  /** The page may be gone in a moment. */
  flush(): void {
    this.#write();
    void this.#saver.flush();
  }

  close(): void {
    this.flush();
    this.#unscheduleLook?.();
    for (const { hold } of this.#entries.values()) void hold.then((held) => held?.release());
  }

  #write(): void {
    this.#unscheduleNote?.();
    this.#unscheduleNote = null;
    for (const upload of this.#dirty) {
      const { session } = upload;
      const entry = session && this.#entries.get(session.id);
      if (!session || !entry) continue;
      const record = recordOf(upload, session, entry, this.#work.clock.now());
      this.#saver.save(record, upload.added.handle ?? undefined);
    }
    this.#dirty.clear();
  }

  #enter({ id }: Session): void {
    const recordId = crypto.randomUUID();
    const hold = this.#ports.locks.tryHold(recordId);
    this.#entries.set(id, { recordId, startedAt: this.#work.clock.now(), hold });
  }

  #own({ recordId, sessionId, startedAt }: UploadRecord, hold: Hold): void {
    this.#earlier.delete(recordId);
    this.#entries.set(sessionId, { recordId, startedAt, hold: Promise.resolve(hold) });
    this.#onChange(recordId);
  }

  async #claimRecord(
    record: UploadRecord,
    file: File,
    signal: AbortSignal,
  ): Promise<UploadRecord | null> {
    const hold = await this.#ports.locks.tryHold(record.recordId);
    if (hold === null) return null;
    const newest = await this.#newest(record);
    try {
      // Another file of the same name, size and date is an upload of its own.
      if ((await this.#prove(file, newest, signal)) !== null) return await freed(hold);
    } catch (error) {
      await hold.release();
      throw error;
    }
    this.#own(newest, hold);
    return newest;
  }

  /** Another tab may have gone on with it since we looked. */
  async #newest(record: UploadRecord): Promise<UploadRecord> {
    const stored = await this.#ports.store.load();
    const found = stored.find((entry) => entry.record.recordId === record.recordId);
    return found?.record ?? record;
  }

  #prove(file: File, record: UploadRecord, signal: AbortSignal): Promise<TransferError | null> {
    const { hasher } = this.#work;
    const provable = hasher ? record : { ...record, checksumAlgorithm: null };
    return proveSameFile(
      file,
      provable,
      async (blob, algorithm, aborted) => (await hasher?.hash(blob, algorithm, aborted)) ?? "",
      signal,
    );
  }

  async #look(): Promise<void> {
    this.#unscheduleLook?.();
    this.#unscheduleLook = null;
    const { store, locks } = this.#ports;
    const stored = await this.#soon(store.load());
    this.#elsewhere = await locks.heldElsewhere();
    const own = new Set(Array.from(this.#entries.values(), ({ recordId }) => recordId));
    const before = this.#earlier;
    const found = stored.filter(({ record }) => !own.has(record.recordId));
    this.#earlier = new Map(found.map((entry) => [entry.record.recordId, entry]));
    for (const id of new Set([...before.keys(), ...this.#earlier.keys()])) this.#onChange(id);
    if (this.#earlier.size === 0 || this.#work.signal.aborted) return;
    this.#unscheduleLook = this.#work.clock.schedule(() => void this.load(), LOOK_EVERY_MS);
  }

  /** A database that does not open must not keep anything from going up. */
  async #soon(loading: Promise<readonly StoredUpload[]>): Promise<readonly StoredUpload[]> {
    const late = new Promise<readonly StoredUpload[]>((resolve) => {
      const unschedule = this.#work.clock.schedule(() => resolve([]), LOAD_WITHIN_MS);
      void loading.then(unschedule, unschedule);
    });
    return Promise.race([loading.catch(() => []), late]);
  }

  #describe({ record, handle }: StoredUpload): ResumableUpload {
    const { recordId, name, relativePath, sizeBytes, key, startedAt, updatedAt, parts } = record;
    const heldBytes = parts.reduce(
      (sum, { start, end, etag }) => sum + (etag === null ? 0 : end - start),
      0,
    );
    const how = this.#elsewhere.has(recordId) ? "elsewhere" : handle ? "ready" : "choose";
    return {
      id: recordId,
      name,
      relativePath,
      sizeBytes,
      heldBytes,
      key,
      startedAt,
      updatedAt,
      how,
    };
  }
}

async function freed(hold: Hold): Promise<null> {
  await hold.release();
  return null;
}

async function keptFile(handle: FileSystemFileHandle | null): Promise<File> {
  const opened = handle ? await openKept(handle) : "ask";
  if (typeof opened === "object") return opened;
  const detail =
    opened === "denied"
      ? "The browser may not read this file any more: choose it again"
      : "The browser did not keep this file: choose it again";
  throw new TransferError("file-denied", "permanent", detail);
}

function inUse({ name }: UploadRecord): TransferError {
  return new TransferError("in-use", "permanent", `Another tab uploads "${name}" at the moment`);
}
