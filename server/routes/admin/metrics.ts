import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { MetricsResponse } from "../../../shared/admin-api.ts";
import { requireScope } from "../../auth/index.ts";
import { metricsSnapshot } from "../../metrics/index.ts";
import type { ApiEnv } from "../context.ts";
import { answers, answersProblem } from "../validate.ts";

/** `GET /api/admin/metrics`: the counts as the page draws them. */
export function createMetricsSnapshotRoutes(now: () => Date) {
  const startedAt = now();
  return new Hono<ApiEnv>().get(
    "/",
    describeRoute({
      tags: ["Administration"],
      summary: "What the process that answers has counted since it started",
      responses: {
        200: answers("The counts", MetricsResponse),
        default: answersProblem("You may not know"),
      },
    }),
    async (c) => {
      requireScope(c.get("identity"), "admin");
      return c.json(await metricsSnapshot(c.get("metrics"), startedAt, now()), 200);
    },
  );
}
