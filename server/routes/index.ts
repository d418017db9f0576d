import { Hono } from "hono";
import * as z from "zod/mini";
import type { AnswerCache } from "../cache/index.ts";
import { createAdminRoutes } from "./admin/index.ts";
import { createConfigurationRoutes } from "./configuration.ts";
import type { ApiEnv } from "./context.ts";
import { createDownloadRoutes } from "./downloads.ts";
import { createObjectRoutes } from "./objects.ts";
import { createRestoreRoutes } from "./restore.ts";
import { createSelectRoutes } from "./select.ts";
import { createSessionRoutes } from "./session.ts";
import { createUploadNotes } from "./upload-notes.ts";
import { createUploadRoutes } from "./uploads.ts";
import type { SignIn, UploadPlaces } from "../auth/index.ts";
import type { Checkup } from "../checkup/index.ts";
import type { Storage } from "../s3/index.ts";
import type { QueryEngine } from "../select/index.ts";
import type { UploadIds } from "./upload-id.ts";

export type { ApiEnv } from "./context.ts";
export { createDocumentationRoutes } from "./documentation.ts";
export { createHealthRoutes } from "./health.ts";
export { createMetricsRoutes } from "./metrics.ts";
export { createPageRoutes, inlineScriptHashes } from "./page.ts";
export { problemCodeOf, problemResponse } from "./problem-response.ts";
export { createUploadIds, type UploadIds } from "./upload-id.ts";

/** What the API works with; everything impure comes in here. */
export interface ApiPorts {
  readonly storage: Storage;
  readonly answers: AnswerCache;
  readonly engine: QueryEngine;
  readonly ids: UploadIds;
  readonly places: UploadPlaces;
  /** Origins of the pages that upload, as they are configured; asked for when they are needed. */
  readonly sites: () => readonly string[];
  readonly checkup: Checkup;
  readonly now: () => Date;
  /** Uniform in 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/**
 * All routes under `/api`, typed for `hono/client`.
 * @param signIn `null`: there is no password
 */
export function createApi(ports: ApiPorts, signIn: SignIn | null) {
  // Without a language the small zod says "Invalid input" for everything.
  z.config(z.locales.en());
  const notes = createUploadNotes(ports.storage.register, ports.now);
  return new Hono<ApiEnv>()
    .basePath("/api")
    .route("/admin", createAdminRoutes({ ...ports, notes }))
    .route("/session", createSessionRoutes(signIn))
    .route("/config", createConfigurationRoutes(ports.storage, ports.now))
    .route("/uploads", createUploadRoutes({ ...ports, notes }))
    .route("/downloads", createDownloadRoutes(ports.storage))
    .route("/objects/restore", createRestoreRoutes(ports.storage))
    .route("/objects", createObjectRoutes(ports.storage))
    .route("/select", createSelectRoutes(ports.storage, ports.answers, ports.engine));
}

/** The API as `hono/client` sees it. */
export type Api = ReturnType<typeof createApi>;
