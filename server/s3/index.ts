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

export { announcingHeaders, checksumField, checksumHeaders } from "./checksum-fields.ts";
export { taggingField, taggingHeader } from "./tagging.ts";
export type { PartToSign } from "./presign-parts.ts";
export { connectStorage, type Storage, type StorageOptions } from "./storage.ts";
export { prepareBucket } from "./bucket.ts";
