import { GetBucketAccelerateConfigurationCommand } from "@aws-sdk/client-s3";
import { isRefusal, type Probe } from "./probe.ts";

/**
 * Whether the bucket has Transfer Acceleration. To be asked of AWS alone: Ceph RGW takes the question for
 * a listing of the bucket.
 * @throws whatever kept the storage from answering
 */
export async function probeAcceleration({
  client,
  bucket,
  signal,
}: Pick<Probe, "client" | "bucket" | "signal">): Promise<boolean> {
  try {
    const command = new GetBucketAccelerateConfigurationCommand({ Bucket: bucket });
    const { Status } = await client.send(command, { abortSignal: signal });
    return Status === "Enabled";
  } catch (error) {
    // Without s3:GetAccelerateConfiguration, and in regions that have none.
    if (isRefusal(error)) return false;
    throw error;
  }
}
