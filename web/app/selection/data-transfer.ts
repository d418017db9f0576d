/** What a drop holds: entries that can be read as folders, and files that come as files alone. */
export interface Dropped {
  readonly entries: readonly FileSystemEntry[];
  readonly files: readonly File[];
}

/**
 * Takes the contents of a drop. Must run inside the event: the list is emptied after it.
 * @see https://developer.mozilla.org/docs/Web/API/DataTransferItem/webkitGetAsEntry
 */
export function readDrop(data: DataTransfer): Dropped {
  const entries: FileSystemEntry[] = [];
  const files: File[] = [];
  for (const item of data.items) {
    if (item.kind !== "file") continue;
    const entry = item.webkitGetAsEntry();
    // Files that were never on a disk (dragged out of another page) have no entry.
    const file = entry ? null : item.getAsFile();
    if (entry) entries.push(entry);
    if (file) files.push(file);
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
