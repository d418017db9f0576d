import type { S3Client } from "@aws-sdk/client-s3";
import { bucketUrl, findAddress, originOf, type BucketAddress } from "./bucket-address.ts";
import { createBucketConfiguration, type BucketConfiguration } from "./bucket/configuration.ts";
import { presignerOf } from "./client-presigner.ts";
import { createS3Client } from "./client.ts";
import { findAddresses, type PublicEndpoints } from "./origins.ts";
import type { Presigner } from "./presign.ts";

/** An origin under which browsers reach the bucket, and who signs for it. */
export interface PublicAddress {
  readonly origin: string;
  readonly presigner: Presigner;
}

/** A bucket without the translation of `Storage`: for the check-up, which has to see S3's own answers. */
export interface DirectAccess {
  readonly client: S3Client;
  readonly bucket: string;
  /** The bucket, as the server itself reaches it. */
  readonly url: string;
  /** Signs for that address. */
  readonly presigner: Presigner;
  /** At least one. */
  readonly direct: readonly PublicAddress[];
  readonly accelerated: readonly PublicAddress[];
  readonly configuration: BucketConfiguration;
  close(): void;
}

/**
 * Opens a connection of its own to a bucket; nothing is sent.
 * @throws what the SDK throws without credentials
 */
export async function openDirectAccess(
  to: PublicEndpoints & { readonly kind: "embedded" | "s3" },
): Promise<DirectAccess> {
  const client = createS3Client(to);
  const { bucket } = to;
  try {
    const own = await findAddress(client, bucket);
    const { direct, accelerated } = await findAddresses(client, to);
    const toPublic = (address: BucketAddress): PublicAddress => ({
      origin: originOf(address),
      presigner: presignerOf(client, bucket, [address]),
    });
    return {
      client,
      bucket,
      url: bucketUrl(own),
      presigner: presignerOf(client, bucket, [own]),
      direct: direct.map(toPublic),
      accelerated: accelerated.map(toPublic),
      configuration: createBucketConfiguration(
        client,
        { ...to, accelerateOrigins: accelerated.map(originOf) },
        () => undefined,
      ),
      close: () => client.destroy(),
    };
  } catch (error) {
    client.destroy();
    throw error;
  }
}
