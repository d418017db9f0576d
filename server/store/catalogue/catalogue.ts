import { statfsSync } from "node:fs";
import { join } from "node:path";
import { open, type Database, type RootDatabase } from "lmdb";
import { isDiskFull } from "../disk-full.ts";
import { S3Error } from "../s3-error.ts";
import { openReserve, type Reserve } from "./reserve.ts";
import type {
  BucketRecord,
  CompletionRecord,
  ManifestRecord,
  ObjectRecord,
  PartRecord,
  UploadRecord,
} from "./records.ts";

/** What STORE_DIR looks like inside; another number is another layout. */
const FORMAT = 1;

/** One table; rows are binary keys. */
export type Table<V> = Database<V, Buffer>;

/** The tables of the catalogue. Reading is synchronous (memory-mapped pages), writing only inside `write`. */
export interface Tables {
  readonly settings: Database<number, string>;
  readonly buckets: Database<BucketRecord, string>;
  readonly objects: Table<ObjectRecord>;
  readonly manifests: Table<ManifestRecord>;
  readonly uploads: Table<UploadRecord>;
  readonly parts: Table<PartRecord>;
  readonly completions: Table<CompletionRecord>;
  /** One row for each content file that an object or part refers to; a file without a row is an orphan. */
  readonly contents: Table<1>;
}

/** The catalogue: who owns which bytes. */
export interface Catalogue {
  readonly tables: Tables;
  /**
   * Runs `operation` in a transaction that is on the disk when this resolves. Concurrent operations
   * share a commit; each sees what those before it wrote; one that throws leaves nothing behind.
   * `operation` uses `putSync` and `removeSync` alone, and may be run again. On a full disk one that gives
   * space back is helped by the reserve. @throws InsufficientStorage, InternalError
   */
  write<T>(operation: () => T, purpose?: "store" | "release"): Promise<T>;
  close(): Promise<void>;
}

interface Pending {
  readonly purpose: "store" | "release";
  readonly run: () => void;
  readonly settle: (failure: unknown) => void;
}

/** Opens the catalogue in `directory`. @throws Error where the layout is of another version */
export function openCatalogue(directory: string, reserveSizeBytes: number): Catalogue {
  const path = join(directory, "catalogue");
  // With `overlappingSync` a commit would resolve before it is on the disk; with `eventTurnBatching`
  // a failed commit leaves rejected promises inside the library that nobody can handle.
  const root = open<unknown, Buffer>({
    path,
    noSubdir: true,
    overlappingSync: false,
    eventTurnBatching: false,
    maxDbs: 16,
    keyEncoding: "binary",
  });
  const tables = openTables(root);
  const format = tables.settings.get("format");
  if (format !== undefined && format !== FORMAT) {
    throw new Error(`${path} has format ${format}; this version reads format ${FORMAT}`);
  }
  if (format === undefined) tables.settings.putSync("format", FORMAT);
  const write = createWriter(root, directory, openReserve(directory, reserveSizeBytes));
  return {
    tables,
    write,
    async close() {
      await write(() => undefined);
      await root.close();
    },
  };
}

function openTables(root: RootDatabase<unknown, Buffer>): Tables {
  const binary = { keyEncoding: "binary" } as const;
  const text = { keyEncoding: "ordered-binary" } as const;
  return {
    settings: root.openDB<number, string>("settings", text),
    buckets: root.openDB<BucketRecord, string>("buckets", text),
    objects: root.openDB<ObjectRecord, Buffer>("objects", binary),
    manifests: root.openDB<ManifestRecord, Buffer>("manifests", binary),
    uploads: root.openDB<UploadRecord, Buffer>("uploads", binary),
    parts: root.openDB<PartRecord, Buffer>("parts", binary),
    completions: root.openDB<CompletionRecord, Buffer>("completions", binary),
    contents: root.openDB<1, Buffer>("contents", binary),
  };
}

/** Operations queue while a commit is under way, and all that queued share the next one. */
function createWriter(
  root: RootDatabase<unknown, Buffer>,
  directory: string,
  reserve: Reserve,
): Catalogue["write"] {
  let queue: Pending[] = [];
  let isCommitting = false;

  async function commitAll(): Promise<void> {
    isCommitting = true;
    // Operations of the same turn share the first commit too.
    await Promise.resolve();
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      const fault = await commit(root, batch);
      const retried = fault === undefined ? [] : batch.filter(isReleasing);
      const isRetried = retried.length > 0 && reserve.giveUp();
      for (const pending of batch) {
        if (!isRetried || !isReleasing(pending)) pending.settle(fault);
      }
      if (isRetried) await commitAgain(retried);
      else if (fault === undefined) reserve.restore();
    }
    isCommitting = false;
  }

  async function commitAgain(batch: readonly Pending[]): Promise<void> {
    const fault = await commit(root, batch);
    for (const { settle } of batch) settle(fault);
  }

  return (operation, purpose = "store") =>
    new Promise((resolve, reject) => {
      let outcome: (() => void) | undefined;
      const run = (): void => {
        outcome = attempt(root, operation, resolve, reject);
      };
      const settle = (fault: unknown): void => {
        if (fault === undefined && outcome) outcome();
        else reject(storageFault(fault, directory));
      };
      queue.push({ purpose, run, settle });
      if (!isCommitting) void commitAll();
    });
}

function isReleasing({ purpose }: Pending): boolean {
  return purpose === "release";
}

/** Runs one operation in a transaction of its own: what throws takes back its writes, and only those. */
function attempt<T>(
  root: RootDatabase<unknown, Buffer>,
  operation: () => T,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): () => void {
  const results: T[] = [];
  try {
    // Inside a transaction this runs and ends at once, whatever its type says.
    void root.childTransaction(() => {
      results.push(operation());
    });
  } catch (error) {
    return () => reject(error);
  }
  return () => results.forEach(resolve);
}

/** Commits a batch and says what went wrong, if anything did. */
async function commit(
  root: RootDatabase<unknown, Buffer>,
  batch: readonly Pending[],
): Promise<unknown> {
  try {
    await root.transaction(() => {
      for (const { run } of batch) run();
    });
    return undefined;
  } catch (error) {
    return await causeOf(error);
  }
}

/** LMDB's wrapper hands the reason of a failed commit over as a promise that rejects. */
async function causeOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error && "commitError" in error)) return error;
  try {
    await error.commitError;
    return error;
  } catch (cause) {
    return cause;
  }
}

/** LMDB reports a page that was written in part as an I/O error: then the free space decides. */
function storageFault(fault: unknown, directory: string): S3Error {
  const isFull = isDiskFull(fault) || statfsSync(directory).bavail < MIN_FREE_BLOCKS;
  return new S3Error(isFull ? "InsufficientStorage" : "InternalError", { cause: fault });
}

const MIN_FREE_BLOCKS = 64;
