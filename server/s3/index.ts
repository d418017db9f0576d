export type { S3Endpoint } from "./client.ts";
export type { Capabilities } from "./capabilities.ts";
export type {
  ObjectHeaders,
  StoredObject,
  StoredPart,
  UploadAddress,
  UploadGateway,
} from "./gateway.ts";

export { connectStorage, type Storage, type StorageOptions } from "./storage.ts";
export { prepareBucket } from "./bucket.ts";
