import { TransferError } from "../problem.ts";
import type { UploadRecord } from "./upload-record.ts";

/** A record and, where the browser has such, the way back to its file. */
export interface StoredUpload {
  readonly record: UploadRecord;
  readonly handle: FileSystemFileHandle | null;
}

/**
 * Where uploads outlive a tab. Calls take effect in the order in which they were made, without one
 * having to wait for the other.
 */
export interface ResumeStore {
  /**
   * All uploads that can still go on, in no order. What is broken, foreign or older than its upload
   * ID is thrown away on the way; a store that cannot be reached holds nothing. Never rejects.
   */
  load(): Promise<readonly StoredUpload[]>;
  /**
   * Writes a record over its former self.
   * @param handle kept beside it; `null` takes a kept one away, undefined leaves it as it is
   * @throws TransferError `not-remembered`
   */
  save(record: UploadRecord, handle?: FileSystemFileHandle | null): Promise<void>;
  /**
   * Forgets a record; one that is unknown already is no fault.
   * @throws TransferError `not-remembered`
   */
  remove(recordId: string): Promise<void>;
}

/** The store could not be written: a private window, a full disk, or no store at all. */
export function notRemembered(cause: unknown): TransferError {
  const said = cause instanceof Error ? cause.message : String(cause);
  const detail = `The browser does not remember this upload over a reload: ${said}`;
  return new TransferError("not-remembered", "permanent", detail, { cause });
}
