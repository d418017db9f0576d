import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { AbortUploadsRequest, AbortUploadsResponse } from "../../../shared/admin-api.ts";
import { mapConcurrently } from "../../../shared/concurrency.ts";
import { requireScope, type UploadPlaces } from "../../auth/index.ts";
import type { ApiEnv } from "../context.ts";
import { toProblemDetails } from "../problem-response.ts";
import { answers, answersProblem, jsonBody } from "../validate.ts";
import type { UploadNotes } from "../upload-notes.ts";
import { abortForAdmin, type AbortingStorage } from "./abort-upload.ts";

/** Each takes three requests or more, one after the other. */
const UPLOADS_AT_ONCE = 16;

/** What aborting works with. */
interface AbortPorts {
  readonly storage: AbortingStorage;
  readonly places: UploadPlaces;
  readonly notes: Pick<UploadNotes, "aborted">;
}

/** `POST /api/admin/uploads/abort`: ends uploads, whoever opened them. */
export function createUploadAbortRoutes({ storage, places, notes }: AbortPorts) {
  return new Hono<ApiEnv>().post(
    "/abort",
    describeRoute({
      tags: ["Administration"],
      summary: "Abort uploads and remove their parts; completed objects stay",
      responses: {
        200: answers("One entry an upload, in order", AbortUploadsResponse),
        default: answersProblem("Nothing was aborted"),
      },
    }),
    jsonBody(AbortUploadsRequest),
    async (c) => {
      requireScope(c.get("identity"), "admin");
      const { uploads, evenLive = false } = c.req.valid("json");
      const results = await mapConcurrently(uploads, UPLOADS_AT_ONCE, async (upload) => {
        const { key, uploadId } = upload;
        try {
          // Nobody who is gone wants the rest of it.
          c.req.raw.signal.throwIfAborted();
          const aborted = await abortForAdmin(upload, evenLive, storage, notes, c.get("report"));
          await places.free(uploadId);
          return aborted;
        } catch (error) {
          c.get("report")(error);
          const problem = toProblemDetails(error, c.get("requestId"));
          return { key, uploadId, aborted: false, problem };
        }
      });
      return c.json({ results } satisfies AbortUploadsResponse, 200);
    },
  );
}
