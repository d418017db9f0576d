import { CreateMultipartUploadCommand, ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import { abortUpload, isRefusal, newProbeKey, type Probe } from "./probe.ts";

/** How a storage lists incomplete uploads: all of a prefix, or those of one exact key alone. */
export type UploadListingKind = "by-prefix" | "by-key";

/**
 * Whether uploads are listed by the beginning of their keys: opens one, lists it by all but the end of its
 * key, and gives it up.
 * @throws whatever kept the storage from answering
 */
export async function probeUploadListing(probe: Probe): Promise<UploadListingKind> {
  const { client, bucket, signal } = probe;
  const within = { abortSignal: signal };
  const place = { Bucket: bucket, Key: newProbeKey() };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(place), within);
  if (!UploadId) return "by-prefix";
  try {
    const list = new ListMultipartUploadsCommand({
      Bucket: bucket,
      Prefix: place.Key.slice(0, -1),
    });
    const { Uploads = [] } = await client.send(list, within);
    return Uploads.some((upload) => upload.UploadId === UploadId) ? "by-prefix" : "by-key";
  } catch (error) {
    // Who may not list sees nothing but what the register has.
    if (isRefusal(error)) return "by-key";
    throw error;
  } finally {
    await abortUpload(probe, place.Key, UploadId);
  }
}
