import { CreateBucketCommand, HeadBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import { createS3Client, type S3Endpoint } from "../client.ts";
import { s3CodeOf, toProblem } from "../s3-error.ts";
import { proposeRule } from "./cors-rule.ts";
import { setCorsRule } from "./cors.ts";
import { within } from "./document-body.ts";
import { getLifecycle, setAbortRule } from "./lifecycle.ts";

const ABORT_AFTER_DAYS = 7;

/**
 * Makes the embedded store's bucket ready: it exists, lets our pages in, and incomplete uploads end
 * after seven days. What someone else configured stays as it is.
 * @param origins of the pages that upload
 */
export async function prepareBucket(to: S3Endpoint, origins: readonly string[]): Promise<void> {
  const client = createS3Client(to);
  try {
    await ensureBucket(client, to.bucket);
    await setCorsRule(client, to.bucket, proposeRule(origins, true));
    const { rules } = await getLifecycle(client, to.bucket);
    if (rules.length === 0) await setAbortRule(client, to.bucket, ABORT_AFTER_DAYS);
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
