import { Hono } from "hono";
import type { Storage } from "../../s3/index.ts";
import type { ApiEnv } from "../context.ts";
import { createBucketRoutes } from "./bucket.ts";
import { createMetricsSnapshotRoutes } from "./metrics.ts";

/** What the administration works with. */
export interface AdminPorts {
  readonly storage: Pick<Storage, "configuration">;
  /** Origins of the pages that upload, as they are configured; asked for when they are needed. */
  readonly sites: () => readonly string[];
  readonly now: () => Date;
}

/** All routes under `/api/admin`; each of them asks for the scope `admin` first. */
export function createAdminRoutes({ storage, sites, now }: AdminPorts) {
  return new Hono<ApiEnv>()
    .route("/metrics", createMetricsSnapshotRoutes(now))
    .route("/bucket", createBucketRoutes(storage, sites));
}
