import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { requireAnyScope } from "../auth/index.ts";
import type { Metrics } from "../metrics/index.ts";
import type { ApiEnv } from "./context.ts";
import { answersProblem } from "./validate.ts";

/** `GET /metrics`: everything that this process counts, for Prometheus. */
export function createMetricsRoutes(metrics: Pick<Metrics, "text" | "contentType">) {
  return new Hono<ApiEnv>().get(
    "/metrics",
    describeRoute({
      tags: ["Health"],
      summary: "What this process has counted, in the text format of Prometheus",
      responses: {
        200: {
          description: "The counts",
          content: { "text/plain": { schema: { type: "string" } } },
        },
        default: answersProblem("You may not know"),
      },
    }),
    async (c) => {
      requireAnyScope(c.get("identity"), ["metrics"]);
      return c.body(await metrics.text(), 200, { "content-type": metrics.contentType });
    },
  );
}
