import type { S3Client } from "@aws-sdk/client-s3";
import type { BucketAddress } from "./bucket-address.ts";
import { createPresigner, type Presigner } from "./presign.ts";

/** A presigner with the credentials, the region and the clock of a client. */
export function presignerOf(
  client: S3Client,
  bucket: string,
  addresses: readonly BucketAddress[],
): Presigner {
  const { config } = client;
  return createPresigner({
    bucket,
    addresses,
    region: config.region,
    credentials: config.credentials,
    now: () => new Date(),
    // The SDK corrects its own requests by what it learns of the storage's clock from the answers.
    skewMs: () => config.systemClockOffset,
  });
}
