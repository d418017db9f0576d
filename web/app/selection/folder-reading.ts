import type { FileInFolder } from "../../transfer/index.ts";
import type { DroppedEntry } from "./data-transfer.ts";
import { isFileHandle, withHandle } from "./file-handles.ts";

/** What reading came to. */
export interface ReadingSummary {
  readonly fileCount: number;
  /** `.DS_Store`, `Thumbs.db`, `desktop.ini`: what systems leave in folders, never what a person means. */
  readonly skippedCount: number;
  /** Entries that the browser refused to open: permissions, files gone meanwhile. */
  readonly unreadableCount: number;
}

/** What pickers give: files, or the ways to files. */
export type Picked = File | FileSystemFileHandle;

/** Where the reader delivers and how it lets the page breathe. */
export interface ReadingSink {
  /** Gets files in batches, as they are found: uploads start while the rest is being read. */
  onFiles(files: readonly FileInFolder[]): void;
  /** Gets the number of files found so far, after each batch. */
  onProgress(fileCount: number): void;
  /** Resolves once the page had a turn. */
  pause(): Promise<void>;
  /** Milliseconds since any moment. */
  now(): number;
}

/**
 * The page gets a turn after this, in milliseconds. Chromium asks the disk each time `File.size` is
 * read, 0.2 ms and more, so that files cannot be counted on: the time is.
 */
const TURN_MS = 8;

/** Files handed over together, between two looks at the clock. */
const BATCH_FILES = 10;

const LITTER = new Set([".ds_store", "thumbs.db", "desktop.ini", "__macosx"]);

/** An entry on its way to be read. */
interface Found {
  readonly entry: FileSystemEntry;
  readonly handle: DroppedEntry["handle"] | null;
  readonly inFolder: boolean;
}

/**
 * Reads dropped files and folders, depth first, and keeps the paths. Folders without files leave
 * nothing behind: S3 has keys, not folders. Files chosen on their own are kept whatever their name.
 * @param signal rejects with its reason
 */
export async function readEntries(
  dropped: readonly DroppedEntry[],
  sink: ReadingSink,
  signal: AbortSignal,
): Promise<ReadingSummary> {
  const delivery = createDelivery(sink);
  const summary = { fileCount: 0, skippedCount: 0, unreadableCount: 0 };
  const stack = dropped.map((root): Found => ({ ...root, inFolder: false })).toReversed();
  for (let next = stack.pop(); next; next = stack.pop()) {
    signal.throwIfAborted();
    const { entry, handle, inFolder } = next;
    if (inFolder && isLitter(entry.name)) {
      summary.skippedCount += 1;
      continue;
    }
    try {
      if (isDirectory(entry)) {
        const children = await readDirectory(entry);
        const lastFirst = children.toSorted((a, b) => byCodeUnits(b.name, a.name));
        for (const child of lastFirst) stack.push({ entry: child, handle: null, inFolder: true });
      } else if (isFile(entry)) {
        delivery.add(withHandle(await openFile(entry), pathOf(entry), await handle));
        summary.fileCount += 1;
      }
    } catch {
      // One closed drawer does not end the reading: it is counted and told.
      summary.unreadableCount += 1;
    }
    if (delivery.isTurnOver()) await delivery.pause();
  }
  delivery.flush();
  return summary;
}

/** Files of a picker, litter of folders aside, in batches like those of `readEntries`. */
export async function readPicked(
  picked: Iterable<Picked>,
  sink: ReadingSink,
  signal: AbortSignal,
): Promise<ReadingSummary> {
  const delivery = createDelivery(sink);
  const summary = { fileCount: 0, skippedCount: 0, unreadableCount: 0 };
  for (const { item, path } of inOrder(picked)) {
    if (path !== item.name && path.split("/").some(isLitter)) {
      summary.skippedCount += 1;
      continue;
    }
    const opened = await openPicked(item, path);
    if (opened) delivery.add(opened);
    summary[opened ? "fileCount" : "unreadableCount"] += 1;
    if (!delivery.isTurnOver()) continue;
    await delivery.pause();
    signal.throwIfAborted();
  }
  delivery.flush();
  return summary;
}

/** Hands files over a few at a time, and knows when the page should get its turn. */
function createDelivery(sink: ReadingSink) {
  const batch: FileInFolder[] = [];
  let fileCount = 0;
  let turnStartedAt = sink.now();
  const flush = () => {
    if (batch.length === 0) return;
    fileCount += batch.length;
    sink.onFiles(batch.splice(0));
  };
  return {
    flush,
    add(file: FileInFolder): void {
      batch.push(file);
      if (batch.length >= BATCH_FILES) flush();
    },
    isTurnOver: () => sink.now() - turnStartedAt >= TURN_MS,
    async pause(): Promise<void> {
      flush();
      sink.onProgress(fileCount);
      await sink.pause();
      turnStartedAt = sink.now();
    },
  };
}

/** `readEntries` answers at most 100 entries a call and an empty list at the end (Chromium). */
async function readDirectory(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const page = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (page.length === 0) return all;
    all.push(...page);
  }
}

function openFile(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

/** Null where a file went away between the dialog and now. */
async function openPicked(item: Picked, path: string): Promise<FileInFolder | null> {
  if (!isFileHandle(item)) return { file: item, relativePath: path };
  try {
    return withHandle(await item.getFile(), path, item);
  } catch {
    return null;
  }
}

/** `fullPath` starts with a slash that is no part of the folder's name. */
function pathOf(entry: FileSystemEntry): string {
  return entry.fullPath.replace(/^\//, "");
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

/** Chromium lists a chosen folder in no order; files chosen one by one keep theirs. */
function inOrder(picked: Iterable<Picked>) {
  const all = Array.from(picked, (item) => ({ item, path: pathOfPicked(item) }));
  const areOfFolder = all.some(({ item, path }) => path !== item.name);
  return areOfFolder ? all.toSorted((a, b) => byCodeUnits(a.path, b.path)) : all;
}

/** A file that a handle leads to says nothing of folders. */
function pathOfPicked(item: Picked): string {
  return isFileHandle(item) ? item.name : item.webkitRelativePath || item.name;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function isLitter(name: string): boolean {
  return LITTER.has(name.toLowerCase());
}
