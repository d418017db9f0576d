/**
 * CORS from a bucket's configuration, matched as S3 does: the first rule that fits counts.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
import type { CorsRule } from "../engine.ts";
import { fieldValue } from "./headers.ts";

/** What a browser asks in a preflight, or does without one. */
export interface CorsQuestion {
  readonly origin: string;
  readonly method: string;
  /** Lower case; empty for an actual request. */
  readonly headers: readonly string[];
}

/** The first rule that allows all of `question`. */
export function matchCorsRule(
  rules: readonly CorsRule[],
  question: CorsQuestion,
): CorsRule | undefined {
  return rules.find(
    (rule) =>
      rule.allowedOrigins.some((pattern) => matchesPattern(pattern, question.origin)) &&
      rule.allowedMethods.includes(question.method) &&
      question.headers.every((header) => allowsHeader(rule, header)),
  );
}

/** Header fields of an actual answer under `rule`. */
export function corsHeaders(rule: CorsRule, origin: string): Record<string, string> {
  const isAnyOrigin = rule.allowedOrigins.includes("*");
  return {
    "Access-Control-Allow-Origin": isAnyOrigin ? "*" : fieldValue(origin),
    "Access-Control-Allow-Methods": rule.allowedMethods.join(", "),
    ...(rule.exposeHeaders.length > 0 && {
      "Access-Control-Expose-Headers": fieldValue(rule.exposeHeaders.join(", ")),
    }),
    ...(!isAnyOrigin && { "Access-Control-Allow-Credentials": "true" }),
    Vary: VARY,
  };
}

/** Header fields of the answer to a preflight under `rule`. */
export function preflightHeaders(rule: CorsRule, question: CorsQuestion): Record<string, string> {
  return {
    ...corsHeaders(rule, question.origin),
    ...(question.headers.length > 0 && {
      "Access-Control-Allow-Headers": fieldValue(question.headers.join(", ")),
    }),
    ...(rule.maxAgeSeconds !== undefined && {
      "Access-Control-Max-Age": String(rule.maxAgeSeconds),
    }),
  };
}

/** What an answer that depends on the question is cached by. */
export const VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

function allowsHeader(rule: CorsRule, header: string): boolean {
  return rule.allowedHeaders.some((pattern) => matchesPattern(pattern.toLowerCase(), header));
}

// At most one `*` stands in a pattern; MalformedXML kept others out.
function matchesPattern(pattern: string, text: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === text;
  const head = pattern.slice(0, star);
  const tail = pattern.slice(star + 1);
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}
