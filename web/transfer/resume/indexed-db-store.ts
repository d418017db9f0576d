import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Clock } from "../time/clock.ts";
import { decodeRow, encodeRecord } from "./record-row.ts";
import { notRemembered, type ResumeStore, type StoredUpload } from "./resume-store.ts";
import { hasEnded, type UploadRecord } from "./upload-record.ts";

const DATABASE = "sluice-uploads";
const DATABASE_VERSION = 1;
const STORES = ["uploads", "pages", "handles"] as const;

/** What is read back was written by anybody: it is unknown until it was decoded. */
interface Schema extends DBSchema {
  /** Rows by record ID. */
  uploads: { key: string; value: unknown };
  /** Parts by record ID and page. */
  pages: { key: [recordId: string, page: number]; value: unknown };
  /** By record ID; apart, because a clone of a handle is a call to another process. */
  handles: { key: string; value: FileSystemFileHandle };
}

type Database = IDBPDatabase<Schema>;

/**
 * The store of this browser, in IndexedDB; nothing is opened before the first call. Whoever takes up a
 * record that another tab wrote meanwhile has to `load` first: pages that this tab wrote before are
 * not written again.
 */
export function createIndexedDbStore(clock: Clock): ResumeStore {
  return new IndexedDbStore(clock);
}

class IndexedDbStore implements ResumeStore {
  readonly #clock: Clock;
  /** Pages as they lie on the disk, by record ID; empty while that is being changed. */
  readonly #written = new Map<string, readonly string[]>();
  #opening: Promise<Database> | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async load(): Promise<readonly StoredUpload[]> {
    try {
      const database = await this.#open();
      const found: StoredUpload[] = [];
      for (const recordId of await database.getAllKeys("uploads")) {
        const stored = await this.#loadOne(database, recordId);
        if (stored) found.push(stored);
        // What cannot be deleted now (a full disk) the next visit deletes.
        else await deleteRows(database, recordId).catch(() => undefined);
      }
      return found;
    } catch {
      // A store that cannot be read holds nothing that could go on.
      this.#close();
      return [];
    }
  }

  async save(record: UploadRecord, handle?: FileSystemFileHandle | null): Promise<void> {
    const { recordId } = record;
    try {
      const database = await this.#open();
      const before = this.#written.get(recordId);
      this.#written.set(recordId, []);
      this.#written.set(recordId, await writeRows(database, record, before, handle));
    } catch (error) {
      this.#written.delete(recordId);
      this.#close();
      throw notRemembered(error);
    }
  }

  async remove(recordId: string): Promise<void> {
    try {
      await deleteRows(await this.#open(), recordId);
    } catch (error) {
      this.#close();
      throw notRemembered(error);
    } finally {
      this.#written.delete(recordId);
    }
  }

  async #loadOne(database: Database, recordId: string): Promise<StoredUpload | null> {
    const before = this.#written.get(recordId);
    const transaction = database.transaction(["uploads", "pages"]);
    const [row, pages] = await Promise.all([
      transaction.objectStore("uploads").get(recordId),
      transaction.objectStore("pages").getAll(pagesOf(recordId)),
      transaction.done,
    ]);
    const record = decodeRow(row, pages);
    if (record?.recordId !== recordId || hasEnded(record, this.#clock.now())) return null;
    // What was saved meanwhile is newer than what was read.
    if (this.#written.get(recordId) === before) {
      this.#written.set(recordId, encodeRecord(record).pages);
    }
    return { record, handle: await loadHandle(database, recordId) };
  }

  #open(): Promise<Database> {
    this.#opening ??= openDatabase(() => this.#close());
    return this.#opening;
  }

  /** A connection that failed once is not used again: Safari loses them without an event. */
  #close(): void {
    const opening = this.#opening;
    this.#opening = null;
    if (opening) closeWhenOpen(opening);
  }
}

function closeWhenOpen(opening: Promise<Database>): void {
  opening.then(
    (database) => database.close(),
    () => undefined,
  );
}

/**
 * Opens the database.
 * @param onLost called when the connection has to be given up, or was
 */
function openDatabase(onLost: () => void): Promise<Database> {
  return new Promise((resolve, reject) => {
    const opening = openDB<Schema>(DATABASE, DATABASE_VERSION, {
      upgrade(database) {
        for (const store of STORES) database.createObjectStore(store);
      },
      blocked() {
        reject(new Error("Another tab keeps an older database open"));
        closeWhenOpen(opening);
      },
      blocking: onLost,
      terminated: onLost,
    });
    opening.then(resolve, reject);
  });
}

/**
 * Writes what changed, in one transaction.
 * @param before the pages that lie there already; undefined for a record that is new
 * @returns the pages that lie there now
 */
async function writeRows(
  database: Database,
  record: UploadRecord,
  before: readonly string[] | undefined,
  handle: FileSystemFileHandle | null | undefined,
): Promise<readonly string[]> {
  const { recordId } = record;
  const { row, pages } = encodeRecord(record);
  // A power cut must not take the only way back to an upload; the parts of its last seconds the
  // storage can name itself.
  const durability = before ? "relaxed" : "strict";
  const transaction = database.transaction(STORES, "readwrite", { durability });
  const pageStore = transaction.objectStore("pages");
  const writes: Promise<unknown>[] = [transaction.objectStore("uploads").put(row, recordId)];
  for (const [index, page] of pages.entries()) {
    if (page !== before?.[index]) writes.push(pageStore.put(page, [recordId, index]));
  }
  writes.push(pageStore.delete(pagesOf(recordId, pages.length)));
  const handleStore = transaction.objectStore("handles");
  if (handle === null) writes.push(handleStore.delete(recordId));
  if (handle) writes.push(putHandle(() => handleStore.put(handle, recordId)));
  // A page that is going away has no turn left in which the browser would commit by itself.
  transaction.commit();
  await Promise.all([...writes, transaction.done]);
  return pages;
}

/** Where a browser cannot store handles, the file is chosen again: no reason to forget its record. */
async function putHandle(put: () => Promise<unknown>): Promise<void> {
  try {
    await put();
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "DataCloneError")) throw error;
  }
}

async function loadHandle(
  database: Database,
  recordId: string,
): Promise<FileSystemFileHandle | null> {
  try {
    return (await database.get("handles", recordId)) ?? null;
  } catch {
    // It is no longer readable, whatever for: the file is chosen again.
    return null;
  }
}

async function deleteRows(database: Database, recordId: string): Promise<void> {
  const transaction = database.transaction(STORES, "readwrite");
  await Promise.all([
    transaction.objectStore("uploads").delete(recordId),
    transaction.objectStore("pages").delete(pagesOf(recordId)),
    transaction.objectStore("handles").delete(recordId),
    transaction.done,
  ]);
}

/** The pages of a record from `firstPage` on. */
function pagesOf(recordId: string, firstPage = 0): IDBKeyRange {
  return IDBKeyRange.bound([recordId, firstPage], [recordId, Infinity]);
}
