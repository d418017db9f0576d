import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import {
  HeldPartsRequest,
  HeldPartsResponse,
  HeldPartsResults,
  UploadAddress,
} from "../../../shared/admin-api.ts";
import { mapConcurrently } from "../../../shared/concurrency.ts";
import { ProblemError } from "../../../shared/problem.ts";
import { requireScope } from "../../auth/index.ts";
import type { HeldParts, RegisterEntry, Storage } from "../../s3/index.ts";
import type { ApiEnv } from "../context.ts";
import { toProblemDetails } from "../problem-response.ts";
import { answers, answersProblem, jsonBody, queryParameters } from "../validate.ts";
import { readRegistered, type RegisteredUpload } from "./registered-upload.ts";

/** Uploads looked at once, each page of parts by page. */
const UPLOADS_AT_ONCE = 16;

/** What looking at parts needs of the storage. */
export type LookingStorage = Pick<Storage, "bucket" | "incomplete" | "register">;

/** `GET` and `POST /api/admin/uploads/parts`: what the storage holds of uploads. */
export function createHeldPartRoutes(storage: LookingStorage) {
  return new Hono<ApiEnv>()
    .get(
      "/parts",
      describeRoute({
        tags: ["Administration"],
        summary: "Say how much the storage holds of an upload",
        responses: {
          200: answers("What it holds", HeldPartsResponse),
          default: answersProblem("`upload-gone`: it was completed or aborted"),
        },
      }),
      queryParameters(UploadAddress),
      async (c) => {
        requireScope(c.get("identity"), "admin");
        const upload = c.req.valid("query");
        const entry = (await storage.register.lookUp([upload])).of(upload);
        const held = await look(upload, entry, storage);
        if (held !== null) return c.json(held, 200);
        throw new ProblemError("upload-gone", "It was completed or aborted meanwhile.");
      },
    )
    .post(
      "/parts",
      describeRoute({
        tags: ["Administration"],
        summary: "Say how much the storage holds of many uploads",
        responses: {
          200: answers("One entry an upload, in order", HeldPartsResults),
          default: answersProblem("Nothing was looked at"),
        },
      }),
      jsonBody(HeldPartsRequest),
      async (c) => {
        requireScope(c.get("identity"), "admin");
        const { uploads } = c.req.valid("json");
        // Neighbours in the list are neighbours in the register.
        const registered = await storage.register.lookUp(uploads);
        const results = await mapConcurrently(uploads, UPLOADS_AT_ONCE, async (upload) => {
          try {
            const held = await look(upload, registered.of(upload), storage);
            return held === null ? { state: "gone" as const } : { state: "open" as const, ...held };
          } catch (error) {
            c.get("report")(error);
            const problem = toProblemDetails(error, c.get("requestId"));
            return { state: "failed" as const, problem };
          }
        });
        return c.json({ results } satisfies HeldPartsResults, 200);
      },
    );
}

async function look(
  upload: UploadAddress,
  entry: RegisterEntry | undefined,
  storage: LookingStorage,
): Promise<HeldPartsResponse | null> {
  const [held, registered] = await Promise.all([
    storage.incomplete.heldParts(upload),
    readRegistered(upload, entry, storage),
  ]);
  return held === null ? null : { ...partsOf(held), ...fileOf(registered) };
}

function partsOf({ lastPartAt, abortsAt, ...held }: HeldParts) {
  return {
    ...held,
    lastPartAt: lastPartAt?.toISOString() ?? null,
    ...(abortsAt === null ? {} : { abortsAt: abortsAt.toISOString() }),
  };
}

function fileOf(registered: RegisteredUpload | null) {
  if (registered === null) return {};
  const { entry, statement, fileName } = registered;
  return {
    owner: statement.owner,
    ...(fileName === undefined ? {} : { fileName }),
    ...(entry.fileSizeBytes === null ? {} : { fileSizeBytes: entry.fileSizeBytes }),
  };
}
