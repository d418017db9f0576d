import { Hono } from "hono";
import type { UploadPlaces } from "../../auth/index.ts";
import type { Storage } from "../../s3/index.ts";
import type { ApiEnv } from "../context.ts";
import type { UploadIds } from "../upload-id.ts";
import type { UploadNotes } from "../upload-notes.ts";
import { createResumeLinkRoutes } from "./resume-links.ts";
import { createUploadAbortRoutes } from "./upload-aborts.ts";
import { createUploadPageRoutes } from "./upload-pages.ts";
import { createHeldPartRoutes } from "./upload-parts.ts";

/** What the routes of incomplete uploads work with. */
export interface AdminUploadPorts {
  readonly storage: Pick<
    Storage,
    "bucket" | "gateway" | "register" | "incomplete" | "capabilities"
  >;
  readonly ids: UploadIds;
  readonly places: UploadPlaces;
  readonly notes: UploadNotes;
  readonly now: () => Date;
}

/** Incomplete uploads of everybody: seen, looked into, aborted, given back to their owners. */
export function createAdminUploadRoutes(ports: AdminUploadPorts) {
  return new Hono<ApiEnv>()
    .route("/", createUploadPageRoutes(ports.storage))
    .route("/", createHeldPartRoutes(ports.storage))
    .route("/", createUploadAbortRoutes(ports))
    .route("/", createResumeLinkRoutes(ports));
}
