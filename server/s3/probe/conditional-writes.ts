import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { s3CodeOf } from "../s3-error.ts";
import { abortUpload, isRefusal, newProbeKey, PROBE_BODY, type Probe } from "./probe.ts";

/**
 * Whether conditions of a completion are kept. Completes a small upload on condition that an object of an
 * impossible ETag is there: a storage that knows conditions refuses, any other makes an object of one
 * byte, which is deleted with its version.
 * @throws whatever kept the storage from answering
 */
export async function probeConditionalWrites(probe: Probe): Promise<boolean> {
  const { client, bucket, signal } = probe;
  const within = { abortSignal: signal };
  const place = { Bucket: bucket, Key: newProbeKey() };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(place), within);
  if (!UploadId) return false;
  const upload = { ...place, UploadId };
  try {
    const part = { ...upload, PartNumber: 1, Body: Buffer.from(PROBE_BODY) };
    const { ETag } = await client.send(new UploadPartCommand(part), within);
    const { VersionId } = await client.send(
      new CompleteMultipartUploadCommand({
        ...upload,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
        IfMatch: '"00000000000000000000000000000000"',
      }),
      within,
    );
    await client.send(new DeleteObjectCommand({ ...place, VersionId }), within);
    return false;
  } catch (error) {
    await abortUpload(probe, upload.Key, UploadId);
    if (isRefusedCondition(error)) return true;
    // A storage that is merely unwell has not answered the question.
    if (!isRefusal(error)) throw error;
    return false;
  }
}

/** S3 says 404 where the object of a condition is missing, other servers 412. */
function isRefusedCondition(error: unknown): boolean {
  const code = s3CodeOf(error);
  return code === "PreconditionFailed" || code === "NoSuchKey";
}
