import { hasEnded, type UploadRecord } from "../../../../web/transfer/resume/upload-record.ts";
import {
  notRemembered,
  type ResumeStore,
  type StoredUpload,
} from "../../../../web/transfer/resume/resume-store.ts";

/** A store in memory; hand the same `rows` to another one and the tab was reloaded. */
export interface MemoryResumeStore extends ResumeStore {
  readonly rows: Map<string, StoredUpload>;
  /** What every save and removal fails with from now on; null heals the store. */
  fault: Error | null;
}

/** Makes a store; `now` answers milliseconds since 1970. */
export function createMemoryResumeStore(
  now: () => number,
  rows = new Map<string, StoredUpload>(),
): MemoryResumeStore {
  return {
    rows,
    fault: null,
    async load() {
      for (const [recordId, { record }] of rows) {
        if (hasEnded(record, now())) rows.delete(recordId);
      }
      return [...rows.values()];
    },
    async save(record: UploadRecord, handle?: FileSystemFileHandle | null) {
      if (this.fault) throw notRemembered(this.fault);
      const kept = handle === undefined ? rows.get(record.recordId)?.handle : handle;
      rows.set(record.recordId, { record: structuredClone(record), handle: kept ?? null });
    },
    async remove(recordId) {
      if (this.fault) throw notRemembered(this.fault);
      rows.delete(recordId);
    },
  };
}
