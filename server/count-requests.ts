import { createMiddleware } from "hono/factory";
import type { Metrics } from "./metrics/index.ts";
import { routeOf } from "./request-log.ts";
import type { ApiEnv } from "./routes/index.ts";

/** Counts what was answered and how long it took until an answer began; routes count what they do. */
export function countRequests(metrics: Metrics) {
  return createMiddleware<ApiEnv>(async function countRequest(c, next) {
    const startedAtMs = performance.now();
    c.set("metrics", metrics);
    await next();
    const seconds = (performance.now() - startedAtMs) / 1000;
    const { method } = c.req;
    metrics.answered({ method, route: routeOf(c), status: c.res.status, seconds });
  });
}
