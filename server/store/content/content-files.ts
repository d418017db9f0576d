import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { open, readdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { createReaders } from "./readers.ts";

/** The files that hold the bytes: STORE_DIR/content/xx/<random ID>, never named by a key. */
export interface ContentFiles {
  /** A new ID, protected from orphan collection until it is settled. */
  begin(): { readonly id: string; readonly path: string };
  /** The catalogue names it now, or its file is gone. */
  settle(id: string): void;
  pathOf(id: string): string;
  /** Keeps what `release` gives up for as long as somebody reads it; the result lets go, once. */
  pin(ownerId: string): () => void;
  /** Removes files that the catalogue no longer names; waits for readers of the owner. */
  release(ownerId: string, ids: readonly string[]): void;
  /** Removes files that neither the catalogue names nor a writer holds. */
  collectOrphans(isNamed: (id: string) => boolean, signal: AbortSignal): Promise<CollectedOrphans>;
  /** Resolves when all removals under way are done. */
  idle(): Promise<void>;
}

/** What a collection of orphans removed. */
export interface CollectedOrphans {
  readonly fileCount: number;
  readonly sizeBytes: number;
}

const DIRECTORY_NAMES = Array.from({ length: 256 }, (_, index) =>
  index.toString(16).padStart(2, "0"),
);

/** Opens the content directory, making what is missing; new directories are synced. */
export async function openContentFiles(
  storeDirectory: string,
  onFault: (error: unknown) => void,
): Promise<ContentFiles> {
  const root = join(storeDirectory, "content");
  for (const name of DIRECTORY_NAMES) mkdirSync(join(root, name), { recursive: true, mode: 0o700 });
  await syncDirectory(root);
  await syncDirectory(storeDirectory);

  const writing = new Set<string>();
  const removals = new Set<Promise<void>>();
  const pathOf = (id: string): string => join(root, id.slice(0, 2), id);
  const readers = createReaders((ids) => {
    const removal = removeAll(ids.map(pathOf), onFault).finally(() => removals.delete(removal));
    removals.add(removal);
  });

  return {
    begin() {
      const id = randomBytes(16).toString("hex");
      writing.add(id);
      return { id, path: pathOf(id) };
    },
    settle: (id) => void writing.delete(id),
    pathOf,
    pin: readers.pin,
    release: readers.release,
    collectOrphans(isNamed, signal) {
      const isKept = (id: string): boolean =>
        isNamed(id) || writing.has(id) || readers.isWaiting(id);
      return collectOrphans(root, isKept, onFault, signal);
    },
    async idle() {
      while (removals.size > 0) await Promise.all(removals);
    },
  };
}

/** One directory after another, so that a start with many files stays responsive. */
async function collectOrphans(
  root: string,
  isKept: (id: string) => boolean,
  onFault: (error: unknown) => void,
  signal: AbortSignal,
): Promise<CollectedOrphans> {
  let fileCount = 0;
  let sizeBytes = 0;
  for (const name of DIRECTORY_NAMES) {
    for (const id of await readdir(join(root, name))) {
      if (signal.aborted) return { fileCount, sizeBytes };
      if (isKept(id)) continue;
      const path = join(root, name, id);
      try {
        const { size } = await stat(path);
        // Between the two looks a writer may have finished or a reader's file been removed.
        if (isKept(id)) continue;
        await unlink(path);
        fileCount++;
        sizeBytes += size;
      } catch (error) {
        if (!isMissing(error)) onFault(error);
      }
    }
  }
  return { fileCount, sizeBytes };
}

/** A few at a time: aborting an upload of 10,000 parts must not fill the thread pool. */
async function removeAll(
  paths: readonly string[],
  onFault: (error: unknown) => void,
): Promise<void> {
  for (let start = 0; start < paths.length; start += REMOVALS_AT_ONCE) {
    const some = paths.slice(start, start + REMOVALS_AT_ONCE);
    await Promise.all(
      some.map((path) =>
        unlink(path).catch((error: unknown) => {
          if (!isMissing(error)) onFault(error);
        }),
      ),
    );
  }
}

const REMOVALS_AT_ONCE = 4;

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
