/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration.html */
import {
  GetBucketAccelerateConfigurationCommand,
  PutBucketAccelerateConfigurationCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { AccelerationRequest, AccelerationResponse } from "../../../shared/admin-api.ts";
import { isAwsEndpoint } from "../../../shared/aws-endpoint.ts";
import { ProblemError } from "../../../shared/problem.ts";
import type { S3Endpoint } from "../client.ts";
import { toProblem } from "../s3-error.ts";
import { getDocument, within } from "./document-body.ts";
import { ifUnsupported } from "./unsupported.ts";
import { childText, parseXml } from "./xml-elements.ts";

/** Where the bucket is, and where it would be accelerated. */
export interface AccelerationOptions extends Pick<S3Endpoint, "bucket" | "endpoint"> {
  /** Origins that uploads would take; those of the operator's own work without the bucket's setting. */
  readonly origins: readonly string[];
}

/**
 * Whether the bucket is accelerated, and what is in the way of it.
 * @throws ProblemError
 */
export async function getAcceleration(
  client: S3Client,
  options: AccelerationOptions,
): Promise<AccelerationResponse> {
  const obstacle = obstacleOf(options);
  return {
    status: await readStatus(client, options.bucket),
    ...(obstacle === undefined ? {} : { obstacle }),
    origins: [...options.origins],
  };
}

/** Sets it; throws ProblemError, `storage-unsupported` with the obstacle where it cannot be enabled. */
export async function setAcceleration(
  client: S3Client,
  options: AccelerationOptions,
  Status: AccelerationRequest["status"],
): Promise<AccelerationResponse> {
  const obstacle = obstacleOf(options);
  if (Status === "Enabled" && obstacle !== undefined) {
    throw new ProblemError("storage-unsupported", `Enable acceleration: ${obstacle}`);
  }
  try {
    const AccelerateConfiguration = { Status };
    const command = new PutBucketAccelerateConfigurationCommand({
      Bucket: options.bucket,
      AccelerateConfiguration,
    });
    await client.send(command, within());
  } catch (error) {
    throw toProblem(error, "Set the acceleration");
  }
  return getAcceleration(client, options);
}

async function readStatus(
  client: S3Client,
  Bucket: string,
): Promise<AccelerationResponse["status"]> {
  try {
    const command = new GetBucketAccelerateConfigurationCommand({ Bucket });
    const root = parseXml((await getDocument(client, command)).xml);
    // Ceph RGW takes the question for a listing of the bucket.
    if (root.name !== "AccelerateConfiguration") return "Unsupported";
    const status = childText(root, "Status");
    return status === "Enabled" || status === "Suspended" ? status : "Unset";
  } catch (error) {
    return ifUnsupported(error, "Unsupported", "Read the acceleration");
  }
}

/** What keeps the bucket from being accelerated, in one sentence. */
function obstacleOf({ bucket, endpoint, origins }: AccelerationOptions): string | undefined {
  if (!isAwsEndpoint(endpoint)) {
    if (origins.length > 0) return undefined;
    return "Only AWS S3 has Transfer Acceleration, and this storage is another.";
  }
  if (bucket.includes(".")) {
    return `The bucket's name "${bucket}" has dots, which Transfer Acceleration does not allow.`;
  }
  if (origins.length === 0) {
    return "S3_PUBLIC_ENDPOINTS or S3_ENDPOINT names a fixed address: set S3_ACCELERATE_ENDPOINTS too.";
  }
  return undefined;
}
