import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";

/** Where a bucket is and how it is spoken to. */
export interface S3Endpoint {
  readonly bucket: string;
  /** `null`: AWS itself. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly forcePathStyle: boolean;
  /** Left out: the AWS default chain. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Connections to the storage that the backend itself opens at most. */
const MAX_SOCKETS = 64;

/**
 * An SDK client without the checksums that the SDK adds by default: in a presigned URL they would
 * be those of an empty body, and some servers refuse the trailers that carry them.
 * @param origin speaks to this origin instead of the endpoint
 */
export function createS3Client(to: S3Endpoint, origin: string | null = to.endpoint): S3Client {
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
    ...(origin === null ? {} : { endpoint: origin }),
    ...addressing(to, origin),
  };
  return new S3Client(config);
}

/** An origin that already carries the bucket's name is its address: nothing is put in front of it. */
function addressing(to: S3Endpoint, origin: string | null): S3ClientConfig {
  if (origin !== null && new URL(origin).hostname.startsWith(`${to.bucket}.`)) {
    return { bucketEndpoint: true };
  }
  return { forcePathStyle: to.forcePathStyle };
}
