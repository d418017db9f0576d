import { GetBucketCorsCommand } from "@aws-sdk/client-s3";
import { s3CodeOf } from "../s3-error.ts";
import type { Probe } from "./probe.ts";

/** Whether the bucket has CORS rules; `unknown` where the storage does not tell. */
export async function probeCors({
  client,
  bucket,
  signal,
}: Pick<Probe, "client" | "bucket" | "signal">): Promise<"present" | "missing" | "unknown"> {
  try {
    const command = new GetBucketCorsCommand({ Bucket: bucket });
    const { CORSRules } = await client.send(command, { abortSignal: signal });
    return CORSRules !== undefined && CORSRules.length > 0 ? "present" : "unknown";
  } catch (error) {
    return s3CodeOf(error) === "NoSuchCORSConfiguration" ? "missing" : "unknown";
  }
}
