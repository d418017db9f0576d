import {
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
} from "@aws-sdk/client-s3";
import { isAwsEndpoint } from "../../../shared/aws-endpoint.ts";
import { s3CodeOf } from "../../s3/index.ts";
import { json, s3api } from "../command-line.ts";
import type { Examination } from "../examination.ts";
import { faultOf } from "../fault.ts";
import { denied, pass, unsupported, warn, type Finding } from "../finding.ts";

/** Whether the bucket has Transfer Acceleration. */
export async function checkAcceleration({
  endpoint,
  configuration,
  accelerated,
}: Examination): Promise<Finding> {
  const tried = "The bucket's acceleration.";
  if (!isAwsEndpoint(endpoint) && accelerated.length === 0) {
    return unsupported(tried, "Only AWS S3 has Transfer Acceleration.");
  }
  return unlessDenied(tried, "s3:GetAccelerateConfiguration", async () => {
    const { status, obstacle } = await configuration.acceleration.get();
    if (status === "Unsupported") return unsupported(tried, "The storage has none.");
    if (status === "Enabled")
      return pass(tried, "On: uploads take it where it is faster, which costs up to $0.08 a GB.");
    return pass(
      tried,
      obstacle === undefined ? "Off; it would speed up uploads from afar." : `Off. ${obstacle}`,
    );
  });
}

/** Whether replaced and deleted objects are kept. */
export async function checkVersioning({ client, bucket, signal }: Examination): Promise<Finding> {
  const tried = "The bucket's versioning.";
  return unlessDenied(tried, "s3:GetBucketVersioning", async () => {
    const command = new GetBucketVersioningCommand({ Bucket: bucket });
    const { Status } = await client.send(command, { abortSignal: signal });
    if (Status !== "Enabled")
      return pass(tried, "Off: who replaces or deletes an object loses what was there.");
    return pass(
      tried,
      "On: replaced and deleted objects are kept, and billed, until a rule removes them.",
    );
  });
}

/** How objects are encrypted, and what follows from it. */
export async function checkEncryption(examination: Examination): Promise<Finding> {
  const tried = "The bucket's default encryption.";
  return unlessDenied(tried, "s3:GetEncryptionConfiguration", async () => {
    const { client, bucket, signal } = examination;
    const none = "ServerSideEncryptionConfigurationNotFoundError";
    const command = new GetBucketEncryptionCommand({ Bucket: bucket });
    const answer = await client
      .send(command, { abortSignal: signal })
      .catch(nothingFor(none, "NoSuchEncryptionConfiguration"));
    const [rule] = answer?.ServerSideEncryptionConfiguration?.Rules ?? [];
    const algorithm = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
    if (algorithm === undefined) return pass(tried, "None is set.");
    if (algorithm === "AES256") return pass(tried, "SSE-S3 (AES256): nothing follows from it.");
    return judgeKms(examination, tried, algorithm, rule?.BucketKeyEnabled === true);
  });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html */
function judgeKms(
  examination: Examination,
  tried: string,
  algorithm: string,
  hasBucketKey: boolean,
): Finding {
  const follows =
    `SSE-KMS (${algorithm}): ETags are no MD5 of the bytes (Sluice compares checksums instead), and the ` +
    "server's credentials need kms:GenerateDataKey and kms:Decrypt on the key; without them every part is refused.";
  if (hasBucketKey) return pass(tried, follows);
  const rule = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm },
    BucketKeyEnabled: true,
  };
  return warn(
    tried,
    `${follows} Without a bucket key each request for an object asks KMS, which is billed and throttled.`,
    {
      text: "Enable the bucket key (keep the key's ID, where one is set).",
      copy: [
        s3api(
          examination,
          "put-bucket-encryption",
          "--server-side-encryption-configuration",
          JSON.stringify({ Rules: [rule] }),
        ),
        json("Encryption configuration", { Rules: [rule] }),
      ],
    },
  );
}

/** Whether objects are locked as soon as they are written. */
export async function checkObjectLock({ client, bucket, signal }: Examination): Promise<Finding> {
  const tried = "The bucket's Object Lock.";
  return unlessDenied(tried, "s3:GetBucketObjectLockConfiguration", async () => {
    const command = new GetObjectLockConfigurationCommand({ Bucket: bucket });
    const answer = await client
      .send(command, { abortSignal: signal })
      .catch(nothingFor("ObjectLockConfigurationNotFoundError", "NoSuchObjectLockConfiguration"));
    const { ObjectLockEnabled, Rule } = answer?.ObjectLockConfiguration ?? {};
    if (ObjectLockEnabled !== "Enabled") return pass(tried, "Off.");
    const retention = Rule?.DefaultRetention;
    if (retention === undefined) return pass(tried, "On, without a default retention.");
    const { Mode, Days, Years } = retention;
    const time = Days === undefined ? `${Years} years` : `${Days} days`;
    return warn(
      tried,
      `Every object is locked for ${time} (${Mode}): what this check-up writes stays as long, and requests without a checksum are refused.`,
      {
        text: "Use a bucket without a default retention for uploads, or expect both.",
      },
    );
  });
}

/** `null` for S3's way of saying that nothing is set. */
function nothingFor(...codes: readonly string[]) {
  return (error: unknown): null => {
    if (codes.includes(s3CodeOf(error) ?? "")) return null;
    throw error;
  };
}

/** A setting that cannot be read is no fault of the bucket. */
export async function unlessDenied(
  tried: string,
  action: string,
  ask: () => Promise<Finding>,
): Promise<Finding> {
  try {
    return await ask();
  } catch (error) {
    const { kind, said } = faultOf(error);
    if (kind === "denied") {
      const remedy = { text: `Allow ${action}, if it is to be looked at.` };
      return denied(warn(tried, `${said}. It cannot be read.`, remedy), action);
    }
    // What a storage does not know it refuses in many ways.
    if (kind === "unsupported" || kind === "refused" || kind === "absent") {
      return unsupported(tried, `The storage has none: ${said}.`);
    }
    throw error;
  }
}
