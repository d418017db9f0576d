import { ListObjectsV2Command, S3ServiceException } from "@aws-sdk/client-s3";
import { s3CodeOf, toProblem, type Probe } from "../../s3/index.ts";
import { s3api } from "../command-line.ts";
import type { Circumstances } from "../examination.ts";
import { faultOf } from "../fault.ts";
import { fail, pass, warn, type Finding } from "../finding.ts";

const TRIED = "A signed list of one key.";

/**
 * Asks for one key: a GET, because the answer to a HEAD has no body that could name a fault.
 * @returns what was thrown, or `null` where the bucket answered; never rejects
 */
export async function signIn({ client, bucket, signal }: Probe): Promise<unknown> {
  try {
    const command = new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 });
    await client.send(command, { abortSignal: signal });
    return null;
  } catch (error) {
    return error;
  }
}

/** What is wrong with a key pair, by S3's codes. */
const CREDENTIAL_FAULTS: Readonly<Record<string, string>> = {
  InvalidAccessKeyId:
    "The storage does not know the access key ID: it is of another storage, or was deleted.",
  SignatureDoesNotMatch:
    "The secret does not belong to the access key ID (or a proxy in between changes the Host header).",
  ExpiredToken: "The temporary credentials have ended.",
  InvalidToken: "The session token is not one of these credentials.",
  TokenRefreshRequired: "The session token has to be renewed.",
  InvalidSecurity: "The storage takes the credentials for invalid.",
  NotSignedUp: "The account that the credentials belong to has no S3.",
  AccountProblem: "The account that the credentials belong to is locked.",
};

/** Whether the storage knows the key pair; what it may do is another question. */
export function judgeCredentials(error: unknown, to: Circumstances): Finding {
  const code = s3CodeOf(error) ?? "";
  const fault = CREDENTIAL_FAULTS[code];
  const remedy = { text: credentialAdvice(to) };
  if (fault !== undefined) return fail(TRIED, `${faultOf(error).said}. ${fault}`, remedy);
  const problem = error === null ? null : toProblem(error, "Sign a request");
  // Without an answer of the storage this is the SDK, which found no key pair.
  if (problem?.code === "storage-denied" && code === "")
    return fail(TRIED, problem.message, remedy);
  if (code === "RequestTimeTooSkewed") return fail(TRIED, `${faultOf(error).said}: see the clock.`);
  if (problem?.code === "storage-unreachable") return fail(TRIED, `${faultOf(error).said}.`);
  if (error !== null && faultOf(error).kind === "broken") {
    return warn(TRIED, `${faultOf(error).said}: the storage is unwell and did not judge them.`);
  }
  return pass(TRIED, "The storage knows the key pair and accepts its signature.");
}

function credentialAdvice({ kind }: Circumstances): string {
  return kind === "embedded"
    ? "Set STORE_ACCESS_KEY_ID and STORE_SECRET_ACCESS_KEY to the store's pair, or unset both."
    : "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or mend the source of the AWS default chain.";
}

/** Where the bucket is in another region than the one that is configured. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  "PermanentRedirect",
  "AuthorizationHeaderMalformed",
  "IllegalLocationConstraintException",
  "TemporaryRedirect",
]);

/** Whether the bucket is there, in the region that is configured. */
export function judgeBucket(error: unknown, to: Circumstances): Finding {
  const { bucket, region } = to;
  if (error === null) return pass(TRIED, `"${bucket}" answers.`);
  const { kind, said } = faultOf(error);
  const code = s3CodeOf(error) ?? "";
  if (code === "NoSuchBucket") return missing(to, said);
  if (ELSEWHERE.has(code) || regionIn(error) !== undefined) {
    const actual = regionIn(error) ?? "the region that the bucket is in";
    const detail = `${said}. It is not in ${region}.`;
    return fail(TRIED, detail, { text: `Set S3_REGION to ${actual}.` });
  }
  if (kind === "denied") {
    return warn(
      TRIED,
      `${said}. A bucket of this name exists; listing it is refused, and it may be somebody else's.`,
      { text: `See that S3_BUCKET is right; what is refused is named below.` },
    );
  }
  return fail(TRIED, `${said}. The bucket cannot be used.`);
}

function missing(to: Circumstances, said: string): Finding {
  const isUsual = to.region === "us-east-1" || to.endpoint !== null;
  const location = ["--create-bucket-configuration", `LocationConstraint=${to.region}`];
  return fail(TRIED, `${said}. There is no bucket "${to.bucket}".`, {
    text: "Correct S3_BUCKET, or make the bucket.",
    copy: [s3api(to, "create-bucket", ...(isUsual ? [] : location))],
  });
}

/** S3 names the region in a header and, of a malformed authorisation, in the body. */
function regionIn(error: unknown): string | undefined {
  if (!(error instanceof S3ServiceException)) return undefined;
  const named = error.$response?.headers["x-amz-bucket-region"];
  if (named !== undefined) return error.$metadata.httpStatusCode === 301 ? named : undefined;
  return "Region" in error && typeof error.Region === "string" ? error.Region : undefined;
}

/** Why nothing else is worth trying, or `null`. */
export function obstacleOf(findings: {
  readonly endpoint: Finding;
  readonly credentials: Finding;
  readonly bucket: Finding;
}): string | null {
  if (findings.endpoint.status === "fail") return "the storage does not answer.";
  if (findings.credentials.status === "fail") return "the storage does not accept the credentials.";
  if (findings.bucket.status === "fail") return "the bucket does not answer.";
  return null;
}
