import { resolver, validator } from "hono-openapi";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { Problem } from "../../shared/api.ts";
import { ProblemError } from "../../shared/problem.ts";

/** Issues named in one problem. */
const MAX_NAMED_ISSUES = 5;

/**
 * Validates the JSON body and documents it.
 * @throws ProblemError `bad-request` naming the fields
 */
export function jsonBody<Schema extends StandardSchemaV1>(schema: Schema) {
  return validator("json", schema, (result) => {
    if (!result.success) throw badRequest(result.error);
  });
}

/**
 * Validates the parameters of the path and documents them.
 * @throws ProblemError `bad-request` naming the parameter
 */
export function pathParameters<Schema extends StandardSchemaV1>(schema: Schema) {
  return validator("param", schema, (result) => {
    if (!result.success) throw badRequest(result.error);
  });
}

/**
 * Validates the parameters behind the question mark and documents them.
 * @throws ProblemError `bad-request` naming the parameter
 */
export function queryParameters<Schema extends StandardSchemaV1>(schema: Schema) {
  return validator("query", schema, (result) => {
    if (!result.success) throw badRequest(result.error);
  });
}

/** A JSON answer of this schema, for the OpenAPI document. */
export function answers(description: string, schema: StandardSchemaV1) {
  return { description, content: { "application/json": { schema: resolver(schema) } } };
}

/** Problem details, for the OpenAPI document. */
export function answersProblem(description: string) {
  return { description, content: { "application/problem+json": { schema: resolver(Problem) } } };
}

function badRequest(issues: readonly StandardSchemaV1.Issue[]): ProblemError {
  const named = issues.slice(0, MAX_NAMED_ISSUES).map(({ path = [], message }) => {
    const keys = path.map((step) => String(typeof step === "object" ? step.key : step));
    return keys.length === 0 ? message : `${keys.join(".")}: ${message}`;
  });
  const more = issues.length - named.length;
  return new ProblemError("bad-request", named.join("; ") + (more > 0 ? `; ${more} more` : ""));
}
