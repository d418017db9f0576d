import { Hono } from "hono";
import * as z from "zod/mini";
import type { AnswerCache } from "../cache/index.ts";
import { createConfigurationRoutes } from "./configuration.ts";
import type { ApiEnv } from "./context.ts";
import { createDownloadRoutes } from "./downloads.ts";
import { createObjectRoutes } from "./objects.ts";
import { createRestoreRoutes } from "./restore.ts";
import { createSelectRoutes } from "./select.ts";
import { createUploadRoutes } from "./uploads.ts";
import type { Storage } from "../s3/index.ts";
import type { QueryEngine } from "../select/index.ts";
import type { UploadIds } from "./upload-id.ts";

export type { ApiEnv } from "./context.ts";
export { createDocumentationRoutes } from "./documentation.ts";
export { createHealthRoutes } from "./health.ts";
export { createPageRoutes, inlineScriptHashes } from "./page.ts";
export { problemCodeOf, problemResponse } from "./problem-response.ts";
export { createUploadIds, type UploadIds } from "./upload-id.ts";

/** What the API works with; everything impure comes in here. */
export interface ApiPorts {
  readonly storage: Storage;
  readonly answers: AnswerCache;
  readonly engine: QueryEngine;
  readonly ids: UploadIds;
  readonly now: () => Date;
  /** Uniform in 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** All routes under `/api`, typed for `hono/client`. */
export function createApi(ports: ApiPorts) {
  // Without a language the small zod says "Invalid input" for everything.
  z.config(z.locales.en());
  return new Hono<ApiEnv>()
    .basePath("/api")
    .route("/config", createConfigurationRoutes(ports.storage, ports.now))
    .route("/uploads", createUploadRoutes(ports))
    .route("/downloads", createDownloadRoutes(ports.storage))
    .route("/objects/restore", createRestoreRoutes(ports.storage))
    .route("/objects", createObjectRoutes(ports.storage))
    .route("/select", createSelectRoutes(ports.storage, ports.answers, ports.engine));
}

/** The API as `hono/client` sees it. */
export type Api = ReturnType<typeof createApi>;
