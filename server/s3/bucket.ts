import {
  CreateBucketCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  HeadBucketCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  type CORSRule,
  type S3Client,
} from "@aws-sdk/client-s3";
import { createS3Client, type S3Endpoint } from "./client.ts";
import { s3CodeOf, toProblem } from "./s3-error.ts";

/** The rule that is ours; rules of other names are never touched. */
const RULE_ID = "sluice-app";

const ABORT_AFTER_DAYS = 7;

const CALL_TIMEOUT_MS = 20_000;

/**
 * Makes the embedded store's bucket ready: it exists, lets our pages in, and incomplete uploads end
 * after seven days. What someone else configured stays as it is.
 * @param origins of the pages that upload
 */
export async function prepareBucket(to: S3Endpoint, origins: readonly string[]): Promise<void> {
  const client = createS3Client(to);
  try {
    await ensureBucket(client, to.bucket);
    await allowOrigins(client, to.bucket, origins);
    await ensureLifecycle(client, to.bucket);
  } catch (error) {
    throw toProblem(error, "Prepare the bucket");
  } finally {
    client.destroy();
  }
}

async function ensureBucket(client: S3Client, Bucket: string): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket }), within());
  } catch (error) {
    const code = s3CodeOf(error);
    if (code !== "NotFound" && code !== "NoSuchBucket") throw error;
    await client.send(new CreateBucketCommand({ Bucket }), within());
  }
}

async function allowOrigins(
  client: S3Client,
  Bucket: string,
  origins: readonly string[],
): Promise<void> {
  const rules = await unlessAbsent("NoSuchCORSConfiguration", async () => {
    const { CORSRules } = await client.send(new GetBucketCorsCommand({ Bucket }), within());
    return CORSRules;
  });
  const ours: CORSRule = {
    ID: RULE_ID,
    AllowedOrigins: [...origins],
    AllowedMethods: ["GET", "PUT", "POST", "HEAD"],
    AllowedHeaders: ["*"],
    ExposeHeaders: [
      "ETag",
      "Content-Range",
      "Content-Length",
      "Accept-Ranges",
      "x-amz-request-id",
      "x-amz-version-id",
      "x-amz-checksum-crc32",
      "x-amz-checksum-crc32c",
      "x-amz-checksum-crc64nvme",
      "x-amz-checksum-sha1",
      "x-amz-checksum-sha256",
    ],
    MaxAgeSeconds: 7200,
  };
  const CORSRules = [ours, ...(rules ?? []).filter(({ ID }) => ID !== RULE_ID)];
  await client.send(
    new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }),
    within(),
  );
}

async function ensureLifecycle(client: S3Client, Bucket: string): Promise<void> {
  const rules = await unlessAbsent("NoSuchLifecycleConfiguration", async () => {
    const command = new GetBucketLifecycleConfigurationCommand({ Bucket });
    return (await client.send(command, within())).Rules;
  });
  if (rules !== undefined && rules.length > 0) return;
  await client.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket,
      LifecycleConfiguration: {
        Rules: [
          {
            ID: RULE_ID,
            Status: "Enabled",
            Filter: { Prefix: "" },
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: ABORT_AFTER_DAYS },
          },
        ],
      },
    }),
    within(),
  );
}

async function unlessAbsent<T>(code: string, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (s3CodeOf(error) === code) return undefined;
    throw error;
  }
}

function within() {
  return { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) };
}
