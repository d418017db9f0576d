import { GetBucketCorsCommand, PutBucketCorsCommand, type S3Client } from "@aws-sdk/client-s3";
import type { CorsRule } from "../../../shared/admin-api.ts";
import { toProblem } from "../s3-error.ts";
import { changeRules, type RuleStore } from "./change-rules.ts";
import { isOurCorsRule, isSameRule, readCorsRule, ruleContent } from "./cors-rule.ts";
import { getDocument, putDocument } from "./document-body.ts";
import { parseRules, withRule, type RuleDocument } from "./rule-document.ts";
import { ifAbsent, ifUnsupported } from "./unsupported.ts";

/** A bucket's CORS rules, in the order in which they count. */
export interface CorsRules {
  /** The storage has such rules. */
  readonly supported: boolean;
  readonly rules: readonly CorsRule[];
}

const NAMES = { root: "CORSConfiguration", rule: "CORSRule" } as const;

/** The bucket's CORS rules; throws ProblemError. */
export async function getCors(client: S3Client, bucket: string): Promise<CorsRules> {
  try {
    return describe(await corsStore(client, bucket).read());
  } catch (error) {
    return ifUnsupported(error, { supported: false, rules: [] }, "Read the CORS rules");
  }
}

/**
 * Puts our rule in front of all others, which stay as they are and in their order.
 * @throws ProblemError; `configuration-changed` where somebody else was at it
 */
export async function setCorsRule(
  client: S3Client,
  bucket: string,
  rule: CorsRule,
): Promise<CorsRules> {
  const isSet = (document: RuleDocument | null) => {
    const rules = document?.rules.map(readCorsRule) ?? [];
    const [first] = rules;
    const count = rules.filter(({ ours }) => ours).length;
    return count === 1 && first?.ours === true && isSameRule(first, rule);
  };
  try {
    const after = await changeRules(corsStore(client, bucket), {
      isOurs: isOurCorsRule,
      edit: (before) => withRule(before, NAMES, ruleContent(rule), isOurCorsRule, "first"),
      holds: isSet,
    });
    return describe(after);
  } catch (error) {
    throw toProblem(error, "Set the CORS rule");
  }
}

function describe(document: RuleDocument | null): CorsRules {
  return { supported: true, rules: document?.rules.map(readCorsRule) ?? [] };
}

function corsStore(client: S3Client, Bucket: string): RuleStore {
  return {
    async read() {
      const command = new GetBucketCorsCommand({ Bucket });
      const answer = await ifAbsent("NoSuchCORSConfiguration", getDocument(client, command));
      return answer && parseRules(answer.xml, NAMES);
    },
    async write(xml) {
      const CORSConfiguration = { CORSRules: [] };
      await putDocument(client, new PutBucketCorsCommand({ Bucket, CORSConfiguration }), xml);
    },
    async remove() {
      throw new Error("Our rule stands in the document, so that it is never empty.");
    },
  };
}
