import type { S3Client } from "@aws-sdk/client-s3";
import { findAddress, originOf, type BucketAddress } from "./bucket-address.ts";
import { createS3Client, type AwsNames, type S3Endpoint } from "./client.ts";

/** Where browsers reach a bucket; no origin stands there twice. */
export interface BucketAddresses {
  /** At least one; what is not asked for otherwise is signed for the first. */
  readonly direct: readonly BucketAddress[];
  /** Faster from afar, and billed for it. Those of AWS work only once the bucket has acceleration. */
  readonly accelerated: readonly BucketAddress[];
}

/** What of the configuration says where browsers reach the bucket. */
export interface PublicEndpoints extends S3Endpoint {
  /** Origins of the bucket; empty: the endpoint itself, and on AWS all names that the bucket has there. */
  readonly publicEndpoints: readonly string[];
  /** Accelerated origins of the bucket; empty: on AWS the names of Transfer Acceleration. */
  readonly accelerateEndpoints: readonly string[];
}

/** One way in which a bucket is addressed. */
interface Way extends AwsNames {
  readonly origin: string | null;
  readonly forcePathStyle: boolean;
}

/**
 * Finds the bucket's addresses. A browser opens six connections to an origin, so that on AWS every name
 * of the bucket is worth having. Nothing is sent.
 * @param client speaks to the endpoint; its credentials serve for all
 * @throws what the SDK throws without credentials
 */
export async function findAddresses(
  client: S3Client,
  to: PublicEndpoints,
): Promise<BucketAddresses> {
  const [first, ...others] = directWays(to);
  const address = async (way: Way) => {
    // One chain of credentials for all: asking the machine's role once is enough.
    const endpoint = { ...to, credentials: client.config.credentials };
    const asking = createS3Client(
      { ...endpoint, forcePathStyle: way.forcePathStyle },
      way.origin,
      way,
    );
    return findAddress(asking, to.bucket).finally(() => asking.destroy());
  };
  // A bucket does not have every name: with dots, for instance, none of a host of its own.
  const ifAny = (way: Way) => address(way).catch(() => null);
  const direct = [await address(first), ...(await Promise.all(others.map(ifAny)))];
  const accelerated = await Promise.all(acceleratedWays(to).map(ifAny));
  return withoutRepetition(direct, accelerated);
}

function directWays(to: PublicEndpoints): [Way, ...Way[]] {
  const { publicEndpoints, endpoint, forcePathStyle } = to;
  const [first, ...others] = publicEndpoints.map((origin) => wayTo(origin, forcePathStyle));
  if (first !== undefined) return [first, ...others];
  if (endpoint !== null) return [wayTo(endpoint, forcePathStyle)];
  return [
    wayTo(null, forcePathStyle),
    wayTo(null, !forcePathStyle),
    { ...wayTo(null, forcePathStyle), dualStack: true },
    { ...wayTo(null, !forcePathStyle), dualStack: true },
  ];
}

function acceleratedWays(to: PublicEndpoints): Way[] {
  const { publicEndpoints, accelerateEndpoints, endpoint, forcePathStyle } = to;
  if (accelerateEndpoints.length > 0 || endpoint !== null || publicEndpoints.length > 0) {
    return accelerateEndpoints.map((origin) => wayTo(origin, forcePathStyle));
  }
  const accelerate = { ...wayTo(null, false), accelerate: true };
  return [accelerate, { ...accelerate, dualStack: true }];
}

function wayTo(origin: string | null, forcePathStyle: boolean): Way {
  return { origin, forcePathStyle, dualStack: false, accelerate: false };
}

function withoutRepetition(
  direct: readonly (BucketAddress | null)[],
  accelerated: readonly (BucketAddress | null)[],
): BucketAddresses {
  const seen = new Set<string>();
  const isNew = (address: BucketAddress | null): address is BucketAddress =>
    address !== null && !seen.has(originOf(address)) && seen.add(originOf(address)).size > 0;
  return { direct: direct.filter(isNew), accelerated: accelerated.filter(isNew) };
}
