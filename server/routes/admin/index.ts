import { Hono } from "hono";
import type { Checkup } from "../../checkup/index.ts";
import type { Storage } from "../../s3/index.ts";
import type { ApiEnv } from "../context.ts";
import { createBucketRoutes } from "./bucket.ts";
import { createCheckupRoutes } from "./checkup.ts";
import { createKeySurveyRoutes } from "./keys.ts";
import { createMetricsSnapshotRoutes } from "./metrics.ts";
import { createAdminUploadRoutes, type AdminUploadPorts } from "./uploads.ts";

/** What the administration works with. */
export interface AdminPorts extends AdminUploadPorts {
  readonly storage: AdminUploadPorts["storage"] & Pick<Storage, "configuration" | "listObjects">;
  /** Origins of the pages that upload, as they are configured; asked for when they are needed. */
  readonly sites: () => readonly string[];
  readonly checkup: Checkup;
  readonly now: () => Date;
  readonly random: () => number;
}

/** All routes under `/api/admin`; each of them asks for the scope `admin` first. */
export function createAdminRoutes(ports: AdminPorts) {
  const { storage, sites, checkup, now } = ports;
  return new Hono<ApiEnv>()
    .route("/uploads", createAdminUploadRoutes(ports))
    .route("/metrics", createMetricsSnapshotRoutes(now))
    .route("/bucket/checkup", createCheckupRoutes(checkup))
    .route("/bucket/keys", createKeySurveyRoutes(ports))
    .route("/bucket", createBucketRoutes(storage, sites));
}
