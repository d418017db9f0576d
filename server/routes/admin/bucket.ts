import { Hono } from "hono";
import type { Storage } from "../../s3/index.ts";
import type { ApiEnv } from "../context.ts";
import { createAccelerationRoutes } from "./bucket-acceleration.ts";
import { createCorsRoutes } from "./bucket-cors.ts";
import { createLifecycleRoutes } from "./bucket-lifecycle.ts";

/** All routes under `/api/admin/bucket` that read and change what is configured on the bucket. */
export function createBucketRoutes(
  { configuration }: Pick<Storage, "configuration">,
  sites: () => readonly string[],
) {
  const { lifecycle, cors, acceleration } = configuration;
  return new Hono<ApiEnv>()
    .route("/lifecycle", createLifecycleRoutes(lifecycle))
    .route("/cors", createCorsRoutes(cors, sites))
    .route("/acceleration", createAccelerationRoutes(acceleration));
}
