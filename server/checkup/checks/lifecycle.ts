import { json, s3api } from "../command-line.ts";
import type { Examination } from "../examination.ts";
import { faultOf } from "../fault.ts";
import { denied, pass, unsupported, warn, type Finding, type Remedy } from "../finding.ts";

const TRIED = "The bucket's lifecycle rules.";

/** What the remedy proposes. */
const ABORT_AFTER_DAYS = 7;

/** Whether a lifecycle rule ends incomplete uploads everywhere in the bucket. */
export async function checkLifecycle(examination: Examination): Promise<Finding> {
  try {
    const found = await examination.configuration.lifecycle.get();
    const { supported, abortIncompleteAfterDays: days, rules } = found;
    if (!supported) {
      return unsupported(
        TRIED,
        "The storage has no lifecycle rules: abort what is forgotten by hand.",
      );
    }
    if (days !== null) return pass(TRIED, `Incomplete uploads end after ${days} days.`);
    const narrow = rules.filter((rule) => rule.abortIncompleteAfterDays !== undefined).length;
    const detail =
      narrow === 0
        ? "No rule ends incomplete uploads: "
        : "Rules end some of the incomplete uploads; of the others ";
    return warn(
      TRIED,
      `${detail}parts of forgotten uploads are kept, and billed, for ever.`,
      remedyFor(examination, rules.length > 0),
    );
  } catch (error) {
    const { kind, said } = faultOf(error);
    if (kind !== "denied") throw error;
    const remedy = { text: "Allow s3:GetLifecycleConfiguration and s3:PutLifecycleConfiguration." };
    return denied(
      warn(TRIED, `${said}. They cannot be read.`, remedy),
      "s3:GetLifecycleConfiguration",
    );
  }
}

function remedyFor(examination: Examination, hasRules: boolean): Remedy {
  const Rule = {
    ID: "sluice-app",
    Status: "Enabled",
    Filter: { Prefix: "" },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: ABORT_AFTER_DAYS },
  };
  const document = { Rules: [Rule] };
  const verb = "put-bucket-lifecycle-configuration";
  const command = s3api(examination, verb, "--lifecycle-configuration", JSON.stringify(document));
  const body = { abortIncompleteAfterDays: ABORT_AFTER_DAYS };
  return {
    text: `Set a rule that ends them after ${ABORT_AFTER_DAYS} days; other rules stay as they are.`,
    action: {
      label: "Set the lifecycle rule",
      method: "PUT",
      path: "/api/admin/bucket/lifecycle",
      body,
    },
    // The command replaces the whole document: beside other rules it would remove them.
    copy: hasRules
      ? [json("Rule, to be added to the others", Rule)]
      : [command, json("Lifecycle configuration", document)],
  };
}
