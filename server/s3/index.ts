export type { S3Endpoint } from "./client.ts";
export type { Capabilities } from "./capabilities.ts";
export type { ChecksumCapability } from "./probe/checksums.ts";
export type {
  ObjectHeaders,
  StoredObject,
  StoredPart,
  UploadAddress,
  UploadGateway,
} from "./gateway.ts";

export type { ListedPage, Listing } from "./list-objects.ts";
export type { HeldParts } from "./held-parts.ts";
export type { FoundUpload, IncompleteUploads, UploadCursor } from "./incomplete-uploads.ts";
export type { RegisterNote, UploadRegister } from "./register.ts";
export type { RegisterEntry } from "./register-lookup.ts";
export { announcingHeaders, checksumField, checksumHeaders } from "./checksum-fields.ts";
export { taggingField, taggingHeader } from "./tagging.ts";
export type { PartToSign } from "./presign-parts.ts";
export { connectStorage, type Storage, type StorageOptions } from "./storage.ts";
export type { BucketConfiguration } from "./bucket/configuration.ts";
export { lacksOf } from "./bucket/cors-rule.ts";
export { prepareBucket } from "./bucket/prepare-bucket.ts";
export { openDirectAccess, type DirectAccess, type PublicAddress } from "./direct-access.ts";
export { removeObject, send as sendAsBrowser, type Probe } from "./probe/probe.ts";
export { probeChecksums } from "./probe/checksums.ts";
export { probeConditionalWrites } from "./probe/conditional-writes.ts";
export { s3CodeOf, toProblem } from "./s3-error.ts";
