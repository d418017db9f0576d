import { isFileHandle } from "./file-handles.ts";

/** A file or folder of a drop. */
export interface DroppedEntry {
  readonly entry: FileSystemEntry;
  /** Of a file: the way back to it after a reload, or null where the browser knows none. */
  readonly handle: Promise<FileSystemFileHandle | null>;
}

/** What a drop holds: entries that can be read as folders, and files that come as files alone. */
export interface Dropped {
  readonly entries: readonly DroppedEntry[];
  readonly files: readonly File[];
}

/**
 * How long handles are asked for, in milliseconds: of a thousand files dropped at once, asking for
 * each would hold the page up, and the drop has to be taken apart before its event ends.
 */
const HANDLES_MS = 16;

/**
 * Takes the contents of a drop. Must run inside the event: the list is emptied after it.
 * @param now milliseconds since any moment
 * @see https://developer.mozilla.org/docs/Web/API/DataTransferItem/webkitGetAsEntry
 */
export function readDrop(data: DataTransfer, now: () => number): Dropped {
  const entries: DroppedEntry[] = [];
  const files: File[] = [];
  const startedAt = now();
  for (const item of data.items) {
    if (item.kind !== "file") continue;
    const entry = item.webkitGetAsEntry();
    // Files that were never on a disk (dragged out of another page) have no entry.
    const file = entry ? null : item.getAsFile();
    if (file) files.push(file);
    if (!entry) continue;
    const isAsked = entry.isFile && now() - startedAt < HANDLES_MS;
    entries.push({ entry, handle: isAsked ? handleOf(item) : Promise.resolve(null) });
  }
  return { entries, files };
}

/** Whether a drag carries files at all, and not a link or selected text. */
export function carriesFiles(data: DataTransfer | null): data is DataTransfer {
  return data !== null && data.types.includes("Files");
}

/** The files of a paste; an image from the clipboard comes as `image.png`. */
export function pastedFiles(data: DataTransfer | null): File[] {
  return data ? [...data.files] : [];
}

/** Whether a paste belongs to a field that takes text. */
export function isTextField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=file]), textarea, select"))
  );
}

/**
 * Folders are not asked for theirs: Chromium answers for Downloads, Documents and the home folder
 * with a dialog that the site cannot open them, although it can, by their entries.
 */
async function handleOf(item: DataTransferItem): Promise<FileSystemFileHandle | null> {
  try {
    const handle = (await item.getAsFileSystemHandle?.()) ?? null;
    return isFileHandle(handle) ? handle : null;
  } catch {
    // It goes up without one, and is chosen again after a reload.
    return null;
  }
}
