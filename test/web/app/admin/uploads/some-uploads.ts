import type { IncompleteUpload, ListUploadsResponse } from "../../../../../shared/admin-api.ts";
import { BackendError } from "../../../../../web/app/backend.ts";
import type { WaitPorts } from "../../../../../web/app/admin/uploads/try-again.ts";
import {
  addUploads,
  createUploadTable,
  type UploadTable,
} from "../../../../../web/app/admin/uploads/upload-table.ts";

export const NOW_MS = Date.parse("2026-11-28T12:00:00Z");
const DAY_MS = 24 * 3_600_000;

/** When something was so many days before `NOW_MS`. */
export const daysAgo = (days: number) => new Date(NOW_MS - days * DAY_MS).toISOString();

/** An upload as it is listed, of somebody else's making unless it is said otherwise. */
export function anUpload(key: string, facts: Partial<IncompleteUpload> = {}): IncompleteUpload {
  return {
    key,
    uploadId: `id of ${key}`,
    initiatedAt: daysAgo(1),
    storageClass: "STANDARD",
    live: facts.liveness === "uploading",
    liveness: "unknown",
    ...facts,
  };
}

/** A table of these uploads. */
export function tableOf(uploads: readonly IncompleteUpload[]): UploadTable {
  const table = createUploadTable();
  addUploads(table, uploads);
  return table;
}

export function aPage(
  uploads: IncompleteUpload[],
  nextCursor: string | null = null,
): ListUploadsResponse {
  return { uploads, nextCursor, source: "storage" };
}

/** Waits that are over at once, and how long each would have been, in milliseconds. */
export function noWaits(): WaitPorts & { readonly delaysMs: number[] } {
  const delaysMs: number[] = [];
  return {
    delaysMs,
    now: () => NOW_MS,
    random: () => 1,
    wait: async (delayMs, signal) => {
      signal.throwIfAborted();
      delaysMs.push(delayMs);
    },
  };
}

export const busy = new BackendError("storage-busy", "SlowDown");
export const shutOut = new BackendError("unauthorized", "The session has ended");
