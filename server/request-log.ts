import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import type { Logger } from "pino";
import { PROBLEMS, type ProblemCode } from "../shared/problem.ts";
import { problemCodeOf, type ApiEnv } from "./routes/index.ts";

/** The pattern of the route that answered; `*` where none did. */
export function routeOf(c: Context): string {
  return matchedRoutes(c).findLast(({ path }) => !path.includes("*"))?.path ?? "*";
}

/**
 * One line a request. The route's pattern stands for the path: upload IDs are as good as keys,
 * and queries may hold signatures.
 */
export function logRequests(log: Logger) {
  return createMiddleware<ApiEnv>(async function logRequest(c, next) {
    const startedAtMs = performance.now();
    await next();
    const { status } = c.res;
    const line = {
      requestId: c.get("requestId"),
      method: c.req.method,
      route: routeOf(c),
      status,
      durationMs: Math.round(performance.now() - startedAtMs),
    };
    if (status >= 500 && !c.req.raw.signal.aborted) log.error(line, "request");
    else log.info(line, "request");
  });
}

/**
 * Sets what tells of faults in the log: ours with their stack, those of the storage with what lies
 * behind them, because who is answered is not told. One line a request and code: a thousand files
 * of one request may all meet the same fault.
 */
export function reportFaults(log: Logger) {
  return createMiddleware<ApiEnv>(async function reportFault(c, next) {
    const reported = new Set<string>();
    c.set("report", (error) => {
      const code = problemCodeOf(error);
      if (PROBLEMS[code].status < 500 || reported.has(code)) return;
      reported.add(code);
      const requestId = c.get("requestId");
      // Who went away in the middle of a body is no fault of ours.
      if (c.req.raw.signal.aborted) log.info({ requestId }, "the client went away");
      else if (code === "internal") log.error({ requestId, err: error }, "failed");
      else log.warn({ requestId, code, reasons: reasonsOf(error) }, `${failingPart(code)} failed`);
    });
    await next();
  });
}

function failingPart(code: ProblemCode): string {
  return code === "identity-unreachable" ? "the identity provider" : "the storage";
}

/** The messages of an error and of its causes; their other properties may hold what was signed. */
function reasonsOf(error: unknown): string[] {
  const reasons: string[] = [];
  for (let at = error; at instanceof Error && reasons.length < 5; at = at.cause) {
    reasons.push(at.message);
  }
  return reasons;
}
