import type { CorsRule } from "../engine.ts";
import { S3Error } from "../s3-error.ts";
import type { S3Answer } from "./answer.ts";
import { matchCorsRule, preflightHeaders } from "./cors.ts";
import type { HeaderFields } from "./headers.ts";

/**
 * Answers a CORS preflight from the rules of a bucket.
 * @throws InvalidRequest without the question's fields, AccessForbidden where no rule allows it
 */
export function answerPreflight(
  headers: HeaderFields,
  rules: readonly CorsRule[] | undefined,
): S3Answer {
  const origin = headers.get("origin");
  const method = headers.get("access-control-request-method");
  if (origin === undefined || method === undefined) {
    throw new S3Error("InvalidRequest", {
      message: "Insufficient information. Origin and Access-Control-Request-Method are needed.",
    });
  }
  const asked = headers.get("access-control-request-headers") ?? "";
  const names = asked.split(",").map((name) => name.trim().toLowerCase());
  const question = { origin, method, headers: names.filter(Boolean) };
  const rule = matchCorsRule(rules ?? [], question);
  if (rule) return { status: 200, headers: preflightHeaders(rule, question) };
  throw new S3Error("AccessForbidden", {
    message: rules
      ? "CORSResponse: This CORS request is not allowed. This is usually because the evaluation of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
      : "CORSResponse: CORS is not enabled for this bucket.",
    fields: { Method: method, ResourceType: "OBJECT" },
  });
}
