import {
  GetBucketAclCommand,
  GetBucketPolicyStatusCommand,
  GetPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { s3CodeOf } from "../../s3/index.ts";
import { s3api } from "../command-line.ts";
import type { Examination } from "../examination.ts";
import { pass, warn, type Finding, type Remedy } from "../finding.ts";
import { unlessDenied } from "./bucket-settings.ts";

const TRIED = "The bucket's policy status, its access control list and its public access block.";

/** Everybody on the internet, and everybody with an AWS account. */
const EVERYBODY: ReadonlySet<string> = new Set([
  "http://acs.amazonaws.com/groups/global/AllUsers",
  "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
]);

/**
 * Whether strangers can read or write the bucket without a signature of ours.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export async function checkPublicAccess(examination: Examination): Promise<Finding> {
  return unlessDenied(TRIED, "s3:GetBucketPolicyStatus", async () => {
    if (await blocksPublicAccess(examination)) return pass(TRIED, "Public access is blocked.");
    if (await hasPublicPolicy(examination)) {
      const detail =
        "The bucket's policy is public: strangers reach its objects without a signature.";
      return warn(TRIED, detail, remedyFor(examination));
    }
    const grants = await publicGrants(examination);
    if (grants.length === 0)
      return pass(TRIED, "Neither its policy nor its access control list is public.");
    const detail = `Its access control list gives ${grants.join(" and ")} to everybody.`;
    return warn(TRIED, detail, remedyFor(examination));
  });
}

function remedyFor(examination: Examination): Remedy {
  const all =
    "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true";
  return {
    text: "Unless it is meant to be public, block public access; Sluice reads and writes by signed URLs.",
    copy: [
      s3api(examination, "put-public-access-block", "--public-access-block-configuration", all),
    ],
  };
}

/** Whether all that is public is void. A question that is not understood is no block. */
async function blocksPublicAccess({ client, bucket, signal }: Examination): Promise<boolean> {
  try {
    const command = new GetPublicAccessBlockCommand({ Bucket: bucket });
    const answer = await client.send(command, { abortSignal: signal });
    const { IgnorePublicAcls, RestrictPublicBuckets } = answer.PublicAccessBlockConfiguration ?? {};
    return IgnorePublicAcls === true && RestrictPublicBuckets === true;
  } catch (error) {
    if (s3CodeOf(error) !== undefined) return false;
    throw error;
  }
}

async function hasPublicPolicy({ client, bucket, signal }: Examination): Promise<boolean> {
  try {
    const command = new GetBucketPolicyStatusCommand({ Bucket: bucket });
    const { PolicyStatus } = await client.send(command, { abortSignal: signal });
    return PolicyStatus?.IsPublic === true;
  } catch (error) {
    if (s3CodeOf(error) === "NoSuchBucketPolicy") return false;
    throw error;
  }
}

/** What the access control list lets everybody do; one that may not be read gives nothing away. */
async function publicGrants({ client, bucket, signal }: Examination): Promise<string[]> {
  try {
    const command = new GetBucketAclCommand({ Bucket: bucket });
    const { Grants = [] } = await client.send(command, { abortSignal: signal });
    const open = Grants.filter(({ Grantee }) => EVERYBODY.has(Grantee?.URI ?? ""));
    return open.flatMap(({ Permission }) => (Permission === undefined ? [] : [Permission]));
  } catch (error) {
    if (s3CodeOf(error) !== undefined) return [];
    throw error;
  }
}
