/** Headless uploader: files from a browser to S3 through signed URLs. Knows no framework. */
export { createUploader } from "./uploader.ts";
export type { AddOptions, FileInFolder, Uploader, UploaderOptions } from "./uploader.ts";
export { createHttpApi } from "./backend/http-api.ts";
export type { HttpApiOptions } from "./backend/http-api.ts";
export type { Opened, SignedParts, UploadApi } from "./backend/upload-api.ts";
export type { Clock } from "./time/clock.ts";
export type { Connectivity } from "./line/connectivity.ts";
export type { PartRequest, PartResponse, PartTransport } from "./line/part-transport.ts";
export type {
  PartMark,
  Receipt,
  UploadProblem,
  UploadState,
  UploadTotals,
  UploadView,
  WaitReason,
} from "./upload-view.ts";
