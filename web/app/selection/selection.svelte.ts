import type { FileInFolder } from "../../transfer/index.ts";
import type { DroppedEntry } from "./data-transfer.ts";
import {
  type Picked,
  type ReadingSink,
  type ReadingSummary,
  readEntries,
  readPicked,
} from "./folder-reading.ts";

/** What the page says about files being taken in. */
export type SelectionState =
  | { readonly kind: "idle"; readonly summary: ReadingSummary | null }
  | { readonly kind: "reading"; readonly fileCount: number };

/** Takes files in from drops, pickers and pastes, in batches. */
export interface Selection {
  readonly state: SelectionState;
  takeEntries(entries: readonly DroppedEntry[]): Promise<void>;
  takeFiles(files: Iterable<Picked>): Promise<void>;
  /** Stops reading; what was found so far stays in the queue. */
  stop(): void;
  /** Takes the note about what was left out off the page. */
  dismiss(): void;
}

/** Makes a selection; `onFiles` gets each batch, with its folder paths. */
export function createSelection(onFiles: (files: readonly FileInFolder[]) => void): Selection {
  let state = $state.raw<SelectionState>({ kind: "idle", summary: null });
  let reading = new AbortController();
  let underWay = 0;
  const sink: ReadingSink = {
    onFiles,
    onProgress(fileCount) {
      state = { kind: "reading", fileCount };
    },
    pause: giveWay,
    now: () => performance.now(),
  };

  async function take(read: (signal: AbortSignal) => Promise<ReadingSummary>): Promise<void> {
    const { signal } = reading;
    underWay += 1;
    state = { kind: "reading", fileCount: 0 };
    let summary: ReadingSummary | null = null;
    try {
      // The event's own task ends here: the browser has been busy with the files already.
      await giveWay();
      summary = await read(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      underWay -= 1;
      if (underWay === 0) state = { kind: "idle", summary: summary && worthTelling(summary) };
    }
  }

  return {
    get state() {
      return state;
    },
    takeEntries: (entries) => take((signal) => readEntries(entries, sink, signal)),
    takeFiles: (files) => take((signal) => readPicked(files, sink, signal)),
    stop() {
      reading.abort();
      reading = new AbortController();
    },
    dismiss() {
      if (state.kind === "idle") state = { kind: "idle", summary: null };
    },
  };
}

function worthTelling(summary: ReadingSummary): ReadingSummary | null {
  const { fileCount, skippedCount, unreadableCount } = summary;
  return fileCount === 0 || skippedCount + unreadableCount > 0 ? summary : null;
}

/** A macrotask: the page paints and answers input between batches. */
function giveWay(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
