import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

/** Where a bucket is, as one client addresses it. */
export interface BucketAddress {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number | undefined;
  /** In front of the key: `/` or `/bucket/`. */
  readonly pathPrefix: string;
}

/**
 * The SDK knows partitions, addressing styles and endpoint rules: it is asked once, with a key of one letter.
 * @throws what the SDK throws without credentials, or where an endpoint of this kind does not exist
 */
export async function findAddress(client: S3Client, bucket: string): Promise<BucketAddress> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: "k" });
  const url = new URL(await getSignedUrl(client, command));
  return {
    protocol: url.protocol,
    hostname: url.hostname,
    port: url.port === "" ? undefined : Number(url.port),
    pathPrefix: url.pathname.slice(0, -1),
  };
}

/** Host and, where it is not the scheme's own, port. */
export function hostOf({ hostname, port }: BucketAddress): string {
  return port === undefined ? hostname : `${hostname}:${port}`;
}

/** The origin as a browser names it. */
export function originOf(address: BucketAddress): string {
  return `${address.protocol}//${hostOf(address)}`;
}

/** The bucket itself, where forms are posted to. */
export function bucketUrl(address: BucketAddress): string {
  const { pathPrefix } = address;
  return originOf(address) + (pathPrefix === "/" ? "/" : pathPrefix.slice(0, -1));
}
