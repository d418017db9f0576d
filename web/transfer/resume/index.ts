/** Uploads that outlive their tab: what is remembered of them, who works on them, and the proof. */
export { createIndexedDbStore } from "./indexed-db-store.ts";
export { openKept } from "./kept-file.ts";
export { recordOfLink, type UploadLink } from "./linked-upload.ts";
export { matchRecord } from "./match-record.ts";
export { createRecordSaver } from "./record-saver.ts";
export type { RecordSaver } from "./record-saver.ts";
export type { ResumeStore, StoredUpload } from "./resume-store.ts";
export { proveSameFile } from "./same-file.ts";
export type { Hold, UploadLocks } from "./upload-locks.ts";
export { RECORD_LIFE_MS } from "./upload-record.ts";
export type { RecordedOptions, UploadRecord } from "./upload-record.ts";
export { createWebLocks } from "./web-locks.ts";
