import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Problem } from "../../shared/api.ts";
import { SelectError, type Position } from "../../shared/select/select-error.ts";
import { ProblemError, PROBLEMS, type ProblemCode } from "../../shared/problem.ts";

/**
 * Problem details of whatever was thrown; what is not a ProblemError says nothing of its inside.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function toProblemDetails(error: unknown, requestId: string): Problem {
  const { code, detail, s3Code, partNumbers, position } = classify(error);
  const { status, title } = PROBLEMS[code];
  return {
    type: `/docs#${code}`,
    title,
    status,
    detail,
    code,
    requestId,
    ...(s3Code === undefined ? {} : { s3Code }),
    ...(partNumbers === undefined ? {} : { partNumbers: [...partNumbers] }),
    ...(position === undefined ? {} : { position }),
  };
}

/** The problem that whatever was thrown is answered as. */
export function problemCodeOf(error: unknown): ProblemCode {
  return classify(error).code;
}

/** Answers a problem as `application/problem+json`. */
export function problemResponse(c: Context, error: unknown): Response {
  const problem = toProblemDetails(error, c.get("requestId") ?? "");
  const { status } = PROBLEMS[classify(error).code];
  const retryAfter = (error instanceof ProblemError && error.retryAfterSeconds) || 1;
  return c.body(JSON.stringify(problem), status, {
    "content-type": "application/problem+json",
    ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
    ...(status === 503 || status === 429 ? { "retry-after": String(retryAfter) } : {}),
  });
}

interface Classified {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly s3Code?: string | undefined;
  readonly partNumbers?: readonly number[] | undefined;
  readonly position?: Position;
}

function classify(error: unknown): Classified {
  if (error instanceof ProblemError) {
    const { code, message, s3Code, partNumbers } = error;
    return { code, detail: message, s3Code, partNumbers };
  }
  if (error instanceof SelectError) {
    const { code: s3Code, message: detail, position } = error;
    return { code: "query-failed", detail, s3Code, ...(position && { position }) };
  }
  // Only the framework's decoder of JSON bodies throws this status.
  if (error instanceof HTTPException && error.status === 400) {
    return { code: "body-not-json", detail: "The body could not be read as JSON." };
  }
  return { code: "internal", detail: "The server's log says more under the request ID." };
}
