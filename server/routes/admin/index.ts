import { Hono } from "hono";
import type { ApiEnv } from "../context.ts";
import { createMetricsSnapshotRoutes } from "./metrics.ts";

/** What the administration works with. */
export interface AdminPorts {
  readonly now: () => Date;
}

/** All routes under `/api/admin`; each of them asks for the scope `admin` first. */
export function createAdminRoutes({ now }: AdminPorts) {
  return new Hono<ApiEnv>().route("/metrics", createMetricsSnapshotRoutes(now));
}
