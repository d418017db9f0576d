import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  type S3Client,
  type TransitionDefaultMinimumObjectSize,
} from "@aws-sdk/client-s3";
import type { LifecycleResponse } from "../../../shared/admin-api.ts";
import { toProblem } from "../s3-error.ts";
import { changeRules, type RuleStore } from "./change-rules.ts";
import { getDocument, putDocument, within } from "./document-body.ts";
import { abortsEverywhereAfter, isOurRule, ourRule, readRule } from "./lifecycle-rule.ts";
import { parseRules, withoutRule, withRule, type RuleDocument } from "./rule-document.ts";
import { ifAbsent, ifUnsupported } from "./unsupported.ts";

const NAMES = { root: "LifecycleConfiguration", rule: "Rule" } as const;

/**
 * The bucket's lifecycle rules; not `supported` where the storage has none.
 * @throws ProblemError
 */
export async function getLifecycle(client: S3Client, bucket: string): Promise<LifecycleResponse> {
  try {
    return describe(await lifecycleStore(client, bucket).read());
  } catch (error) {
    return ifUnsupported(
      error,
      { supported: false, abortIncompleteAfterDays: null, rules: [] },
      READ,
    );
  }
}

/**
 * Sets our rule, which ends incomplete uploads everywhere in the bucket, and touches no other.
 * @param days 1 or more
 * @throws ProblemError; `configuration-changed` where somebody else was at it
 */
export async function setAbortRule(
  client: S3Client,
  bucket: string,
  days: number,
): Promise<LifecycleResponse> {
  try {
    const after = await changeRules(lifecycleStore(client, bucket), {
      isOurs: isOurRule,
      edit: (before) => {
        const others = before?.rules.filter((rule) => !isOurRule(rule)) ?? [];
        return withRule(before, NAMES, ourRule(days, others), isOurRule, "last");
      },
      holds: (document) => oursOf(document).length === 1 && ourDays(document) === days,
    });
    return describe(after);
  } catch (error) {
    throw toProblem(error, "Set the lifecycle rule");
  }
}

/** Removes our rule, and the document where no other is left; throws ProblemError as setting does. */
export async function removeAbortRule(
  client: S3Client,
  bucket: string,
): Promise<LifecycleResponse> {
  try {
    const after = await changeRules(lifecycleStore(client, bucket), {
      isOurs: isOurRule,
      edit: (before) => before && withoutRule(before, isOurRule),
      holds: (document) => oursOf(document).length === 0,
    });
    return describe(after);
  } catch (error) {
    throw toProblem(error, "Remove the lifecycle rule");
  }
}

const READ = "Read the lifecycle rules";

function oursOf(document: RuleDocument | null) {
  return document?.rules.filter(isOurRule) ?? [];
}

/** Of our rule as it works: one that somebody disabled or narrowed is set anew. */
function ourDays(document: RuleDocument | null): number | null {
  const [ours] = oursOf(document);
  return ours === undefined ? null : abortsEverywhereAfter(ours);
}

function describe(document: RuleDocument | null): LifecycleResponse {
  const rules = document?.rules ?? [];
  const days = rules.flatMap((rule) => abortsEverywhereAfter(rule) ?? []);
  return {
    supported: true,
    // Rules add up: the earliest date counts.
    abortIncompleteAfterDays: days.length === 0 ? null : Math.min(...days),
    rules: rules.map(readRule),
  };
}

function lifecycleStore(client: S3Client, Bucket: string): RuleStore {
  // A setting of the bucket that stands in a header, and falls back to its default when it is left out.
  let minimumSize: TransitionDefaultMinimumObjectSize | undefined;
  return {
    async read() {
      const command = new GetBucketLifecycleConfigurationCommand({ Bucket });
      const answer = await ifAbsent("NoSuchLifecycleConfiguration", getDocument(client, command));
      if (answer === null) return null;
      minimumSize = answer.output.TransitionDefaultMinimumObjectSize;
      return parseRules(answer.xml, NAMES);
    },
    async write(xml) {
      const command = new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: { Rules: [] },
        ...(minimumSize && { TransitionDefaultMinimumObjectSize: minimumSize }),
      });
      await putDocument(client, command, xml);
    },
    async remove() {
      await client.send(new DeleteBucketLifecycleCommand({ Bucket }), within());
    },
  };
}
