import type { CorsRule } from "../../../../../shared/admin-api.ts";
import { formatDuration } from "../../../format/duration.ts";

/** A rule in words, a sentence each. */
export function ruleSentences(rule: CorsRule): readonly string[] {
  const { allowedOrigins, allowedMethods, allowedHeaders, exposeHeaders, maxAgeSeconds } = rule;
  const sites = allowedOrigins.includes("*") ? "Any site" : allowedOrigins.join(", ");
  return [
    `${sites} may send ${listed(allowedMethods, "nothing")}.`,
    allowedHeaders.includes("*")
      ? "With any header."
      : `With ${allowedHeaders.length === 0 ? "no header beyond the usual ones" : `the headers ${allowedHeaders.join(", ")}`}.`,
    exposeHeaders.length === 0
      ? "Pages read no header of the answers beyond the usual ones."
      : `Pages read ${exposeHeaders.join(", ")} of the answers.`,
    ...(maxAgeSeconds === undefined
      ? []
      : [`Browsers ask again after ${formatDuration(maxAgeSeconds)}.`]),
  ];
}

/** Origins that a person wrote, one a line or with commas; those that are no origin apart. */
export function readOrigins(text: string): {
  readonly origins: readonly string[];
  readonly wrong: readonly string[];
} {
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  // A slash at the end is what address bars copy.
  const cleaned = [...new Set(words.map((word) => word.replace(/\/$/, "")))];
  return {
    origins: cleaned.filter(isOrigin),
    wrong: cleaned.filter((word) => !isOrigin(word)),
  };
}

/** One `*` stands for any text. */
function isOrigin(text: string): boolean {
  const named = text.replace("*", "any");
  if (named.includes("*") || !/^https?:\/\//.test(named) || !URL.canParse(named)) return false;
  return new URL(named).origin === named;
}

function listed(values: readonly string[], none: string): string {
  return values.length === 0 ? none : values.join(", ");
}

/** All rules as `aws s3api` takes them: that one replaces what is there. */
export function corsDocument(rule: CorsRule, others: readonly CorsRule[]) {
  return { CORSRules: [rule, ...others.filter(({ ours }) => !ours)].map(toCliRule) };
}

function toCliRule(rule: CorsRule) {
  return {
    ...(rule.id === undefined ? {} : { ID: rule.id }),
    AllowedOrigins: rule.allowedOrigins,
    AllowedMethods: rule.allowedMethods,
    AllowedHeaders: rule.allowedHeaders,
    ExposeHeaders: rule.exposeHeaders,
    ...(rule.maxAgeSeconds === undefined ? {} : { MaxAgeSeconds: rule.maxAgeSeconds }),
  };
}
