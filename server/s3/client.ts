import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { observeCalls, type CallObserver } from "./observe-calls.ts";

/** Where a bucket is and how it is spoken to. */
export interface S3Endpoint {
  readonly bucket: string;
  /** `null`: AWS itself. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly forcePathStyle: boolean;
  /** Left out: the AWS default chain. */
  readonly credentials?: NonNullable<S3ClientConfig["credentials"]>;
  /** Hears of every request that ended. */
  readonly observe?: CallObserver;
}

/** Connections to the storage that the backend itself opens at most. */
const MAX_SOCKETS = 64;

/** Names of AWS beside the usual one; each is an origin of its own to a browser. */
export interface AwsNames {
  readonly dualStack: boolean;
  readonly accelerate: boolean;
}

const USUAL_NAMES: AwsNames = { dualStack: false, accelerate: false };

/**
 * An SDK client without the checksums that the SDK adds by default: in a presigned URL they would
 * be those of an empty body, and some servers refuse the trailers that carry them.
 * @param origin speaks to this origin instead of the endpoint
 */
export function createS3Client(
  to: S3Endpoint,
  origin: string | null = to.endpoint,
  { dualStack, accelerate }: AwsNames = USUAL_NAMES,
): S3Client {
  const config: S3ClientConfig = {
    region: to.region,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 5000,
      httpAgent: { maxSockets: MAX_SOCKETS, keepAlive: true },
      httpsAgent: { maxSockets: MAX_SOCKETS, keepAlive: true },
    },
    ...(to.credentials ? { credentials: to.credentials } : {}),
    ...(dualStack ? { useDualstackEndpoint: true } : {}),
    ...(accelerate ? { useAccelerateEndpoint: true } : {}),
    ...addressing(to, origin),
  };
  const client = new S3Client(config);
  if (to.observe) observeCalls(client, to.observe);
  return client;
}

/** The SDK puts the bucket's name in front of an origin by itself, unless it is in the path. */
function addressing({ bucket, forcePathStyle }: S3Endpoint, origin: string | null): S3ClientConfig {
  if (origin === null) return { forcePathStyle };
  const url = new URL(origin);
  if (!url.hostname.startsWith(`${bucket}.`)) return { endpoint: origin, forcePathStyle };
  url.hostname = url.hostname.slice(bucket.length + 1);
  return { endpoint: url.href, forcePathStyle: false };
}
