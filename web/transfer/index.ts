/** Headless uploader: files from a browser to S3 through signed URLs. Knows no framework. */
export { createUploader } from "./uploader.ts";
export type {
  AddOptions,
  ByteStream,
  FileInFolder,
  StreamOptions,
  Uploader,
  UploaderOptions,
} from "./uploader.ts";
export { createHttpApi } from "./backend/http-api.ts";
export type { HttpApiOptions } from "./backend/http-api.ts";
export type { Opened, SignedParts, UploadApi } from "./backend/upload-api.ts";
export { createWorkerHasher, type PartHasher } from "./checksum/index.ts";
export { createIndexedDbStore, createWebLocks } from "./resume/index.ts";
export type { ResumeStore, UploadLink, UploadLocks } from "./resume/index.ts";
export { TransferError } from "./problem.ts";
export type { StorageFacts } from "./storage-facts.ts";
export { systemClock, type Clock } from "./time/clock.ts";
export type { Connectivity } from "./line/connectivity.ts";
export type { PartRequest, PartResponse, PartTransport } from "./line/part-transport.ts";
export type {
  OriginView,
  PartMark,
  Receipt,
  ResumableUpload,
  RouteView,
  UploadProblem,
  UploadState,
  UploadTotals,
  UploadView,
  WaitReason,
} from "./upload-view.ts";
