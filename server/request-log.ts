import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import type { Logger } from "pino";
import type { ApiEnv } from "./routes/index.ts";

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
      route: matchedRoutes(c).findLast(({ path }) => !path.includes("*"))?.path ?? "*",
      status,
      durationMs: Math.round(performance.now() - startedAtMs),
    };
    if (status >= 500) log.error(line, "request");
    else log.info(line, "request");
  });
}
