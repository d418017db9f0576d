import {
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { AbortRule } from "../../shared/lifecycle.ts";
import { isRefusal } from "./probe/probe.ts";
import { toProblem } from "./s3-error.ts";

/** Rules seldom change, and every page of a listing asks for them; in milliseconds. */
const REMEMBERED_MS = 60_000;

const CALL_MS = 20_000;

/**
 * The bucket's rules that end incomplete uploads, read at most once a minute; none where the storage has
 * no rules, or does not tell. What is returned throws ProblemError where the storage is unwell.
 * @param nowMs in milliseconds, from any beginning
 */
export function rememberAbortRules(
  client: S3Client,
  bucket: string,
  nowMs: () => number = () => performance.now(),
): () => Promise<readonly AbortRule[]> {
  let known: { readonly rules: Promise<readonly AbortRule[]>; readonly atMs: number } | undefined;
  return () => {
    if (known !== undefined && nowMs() - known.atMs < REMEMBERED_MS) return known.rules;
    const reading = { rules: readAbortRules(client, bucket), atMs: nowMs() };
    known = reading;
    reading.rules.catch(() => {
      if (known === reading) known = undefined;
    });
    return reading.rules;
  };
}

async function readAbortRules(client: S3Client, Bucket: string): Promise<readonly AbortRule[]> {
  const command = new GetBucketLifecycleConfigurationCommand({ Bucket });
  try {
    const abortSignal = AbortSignal.timeout(CALL_MS);
    const { Rules = [] } = await client.send(command, { abortSignal });
    return Rules.flatMap(abortRuleOf);
  } catch (error) {
    // NoSuchLifecycleConfiguration, AccessDenied, NotImplemented.
    if (isRefusal(error)) return [];
    throw toProblem(error, "Read the lifecycle rules");
  }
}

function abortRuleOf(rule: LifecycleRule): AbortRule[] {
  const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
  if (rule.Status !== "Enabled" || days === undefined || !isByPrefixAlone(rule)) return [];
  return [{ prefix: rule.Filter?.And?.Prefix ?? rule.Filter?.Prefix ?? rule.Prefix ?? "", days }];
}

/** Filters by tag or size never hold for uploads. */
function isByPrefixAlone({ Filter = {} }: LifecycleRule): boolean {
  const { And = {}, Tag, ObjectSizeGreaterThan, ObjectSizeLessThan } = Filter;
  const others = [Tag, ObjectSizeGreaterThan, ObjectSizeLessThan, And.ObjectSizeGreaterThan];
  return (
    others.every((filter) => filter === undefined) &&
    And.ObjectSizeLessThan === undefined &&
    (And.Tags ?? []).length === 0
  );
}
