/** Uploads that outlive their tab: what is remembered of them, who works on them, and the proof. */
export { matchRecord } from "./match-record.ts";
export type { FileInPlace } from "./match-record.ts";
export type { ResumeStore, StoredUpload } from "./resume-store.ts";
export type { Hold, UploadLocks } from "./upload-locks.ts";
export type {
  RecordedAlgorithm,
  RecordedOptions,
  RecordedPart,
  UploadRecord,
} from "./upload-record.ts";
