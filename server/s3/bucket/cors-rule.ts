/**
 * CORS rules as S3 evaluates them: the first that fits counts.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 */
import type { CorsRule } from "../../../shared/admin-api.ts";
import {
  CORS_EXCHANGES,
  CORS_EXPOSED_HEADERS,
  CORS_MAX_AGE_SECONDS,
  CORS_METHODS,
  type CorsExchange,
} from "../../../shared/cors-exchanges.ts";
import { RULE_ID } from "./rule-document.ts";
import { childNumber, childText, childTexts, escapeXml, type XmlElement } from "./xml-elements.ts";

/**
 * The smallest rule under which these sites upload and read.
 * @param namesHeaders the storage matches header names by `x-amz-*`, as S3 does; of others it is known only
 *   that they take `*`
 */
export function proposeRule(origins: readonly string[], namesHeaders: boolean): CorsRule {
  const named = CORS_EXCHANGES.flatMap(({ headers }) => headers).filter((name) => !isAmazon(name));
  return {
    id: RULE_ID,
    allowedOrigins: [...origins],
    allowedMethods: [...CORS_METHODS],
    allowedHeaders: namesHeaders ? [...new Set(named), "x-amz-*"] : ["*"],
    exposeHeaders: [...CORS_EXPOSED_HEADERS],
    maxAgeSeconds: CORS_MAX_AGE_SECONDS,
    ours: true,
  };
}

/** What the rules do not yet let a site do, in words; empty: all is well. */
export function lacksOf(rules: readonly CorsRule[], origin: string): string[] {
  const ofSite = rules.filter((rule) => matchesAny(rule.allowedOrigins, origin));
  if (ofSite.length === 0) return ["No rule lets this site in."];
  return CORS_EXCHANGES.flatMap((exchange) => lacksInExchange(ofSite, exchange));
}

/** Whether two rules let the same sites do the same; some storages sort what a rule lists. */
export function isSameRule(one: CorsRule, other: CorsRule): boolean {
  return ruleContent(inOrder(one)) === ruleContent(inOrder(other));
}

function inOrder(rule: CorsRule): CorsRule {
  const { allowedOrigins, allowedMethods, allowedHeaders, exposeHeaders } = rule;
  return {
    ...rule,
    id: RULE_ID,
    allowedOrigins: allowedOrigins.toSorted(),
    allowedMethods: allowedMethods.toSorted(),
    allowedHeaders: allowedHeaders.toSorted(),
    exposeHeaders: exposeHeaders.toSorted(),
  };
}

/** Whether a rule is the one that this server sets. */
export function isOurCorsRule(rule: XmlElement): boolean {
  return childText(rule, "ID") === RULE_ID;
}

/** Reads one rule. */
export function readCorsRule(rule: XmlElement): CorsRule {
  const id = childText(rule, "ID");
  const maxAgeSeconds = childNumber(rule, "MaxAgeSeconds");
  return {
    ...(id === undefined ? {} : { id }),
    allowedOrigins: childTexts(rule, "AllowedOrigin"),
    allowedMethods: childTexts(rule, "AllowedMethod"),
    allowedHeaders: childTexts(rule, "AllowedHeader"),
    exposeHeaders: childTexts(rule, "ExposeHeader"),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
    ours: isOurCorsRule(rule),
  };
}

/** A rule as it stands in a document. */
export function ruleContent(rule: CorsRule): string {
  const each = (name: string, values: readonly string[]) =>
    values.map((value) => `<${name}>${escapeXml(value)}</${name}>`).join("");
  return [
    each("ID", rule.id === undefined ? [] : [rule.id]),
    each("AllowedOrigin", rule.allowedOrigins),
    each("AllowedMethod", rule.allowedMethods),
    each("AllowedHeader", rule.allowedHeaders),
    each("ExposeHeader", rule.exposeHeaders),
    each("MaxAgeSeconds", rule.maxAgeSeconds === undefined ? [] : [String(rule.maxAgeSeconds)]),
  ].join("");
}

function lacksInExchange(rules: readonly CorsRule[], { method, headers, reads }: CorsExchange) {
  const ofMethod = rules.filter((rule) => rule.allowedMethods.includes(method));
  // An answer is made by the first rule for site and method: only a preflight names headers.
  const [answering] = ofMethod;
  if (answering === undefined) return [`${method} is not allowed.`];
  const allowsAll = ofMethod.some((rule) => headers.every((name) => allowsHeader(rule, name)));
  const refused = allowsAll ? [] : headers.filter((name) => !allowsHeader(answering, name));
  const exposed = new Set(answering.exposeHeaders.map((name) => name.toLowerCase()));
  const hidden = reads.filter((name) => !exposed.has(name.toLowerCase()));
  return [
    ...(refused.length > 0 ? [`${method} may not send ${refused.join(", ")}.`] : []),
    ...(hidden.length > 0 ? [`Answers to ${method} hide ${hidden.join(", ")}.`] : []),
  ];
}

function allowsHeader(rule: CorsRule, name: string): boolean {
  return matchesAny(
    rule.allowedHeaders.map((pattern) => pattern.toLowerCase()),
    name,
  );
}

/** One `*` in a pattern stands for anything. */
function matchesAny(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => {
    const star = pattern.indexOf("*");
    if (star < 0) return pattern === text;
    const head = pattern.slice(0, star);
    const tail = pattern.slice(star + 1);
    return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
  });
}

function isAmazon(name: string): boolean {
  return name.startsWith("x-amz-");
}
