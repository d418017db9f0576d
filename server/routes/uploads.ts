import { Hono } from "hono";
import { compress } from "hono/compress";
import { describeRoute } from "hono-openapi";
import {
  CompleteUploadRequest,
  CompleteUploadResponse,
  CreateUploadsRequest,
  CreateUploadsResponse,
} from "../../shared/api.ts";
import { requireScope } from "../auth/index.ts";
import { completeUpload } from "./complete-upload.ts";
import { abandonUploads } from "./abandon-uploads.ts";
import type { ApiEnv } from "./context.ts";
import { countOpened } from "./count-opened.ts";
import { createHeartbeatRoutes } from "./heartbeat.ts";
import { openUploads } from "./open-uploads.ts";
import type { UploadPorts } from "./upload-batch.ts";
import { toProblemDetails } from "./problem-response.ts";
import { isMultipart, UploadParameters } from "./upload-id.ts";
import { createPartRoutes } from "./upload-parts.ts";
import { requireAllowedStatement, requireStatement } from "./upload-statement.ts";
import { answers, answersProblem, jsonBody, pathParameters } from "./validate.ts";

/** Opening, signing, listing, completing and aborting uploads. */
export function createUploadRoutes(ports: UploadPorts) {
  return new Hono<ApiEnv>()
    .route("/", createOpeningRoutes(ports))
    .route("/", createHeartbeatRoutes(ports))
    .route("/", createPartRoutes(ports))
    .route("/", createEndingRoutes(ports));
}

function createOpeningRoutes(ports: UploadPorts) {
  return new Hono<ApiEnv>().post(
    "/",
    // A thousand signed forms have 1.6 MB that repeat each other.
    compress({ encoding: "gzip" }),
    describeRoute({
      tags: ["Uploads"],
      summary: "Open one upload a file",
      responses: {
        201: answers("One entry a file, in order", CreateUploadsResponse),
        default: answersProblem("Nothing was opened"),
      },
    }),
    jsonBody(CreateUploadsRequest),
    async (c) => {
      const identity = c.get("identity");
      requireScope(identity, "upload");
      const request = c.req.valid("json");
      const describeFault = (error: unknown) => {
        c.get("report")(error);
        return toProblemDetails(error, c.get("requestId"));
      };
      const uploads = await openUploads(request, identity, describeFault, ports);
      countOpened(uploads, request.files, c.get("metrics"));
      const abandon = () => {
        abandonUploads(uploads, identity.subject, ports, c.get("report")).catch(c.get("report"));
      };
      // Closed tabs and broken lines, before the answer or in the middle of it.
      if (c.req.raw.signal.aborted) abandon();
      else c.req.raw.signal.addEventListener("abort", abandon, { once: true });
      return c.json({ uploads } satisfies CreateUploadsResponse, 201);
    },
  );
}

function createEndingRoutes({ ids, storage, notes, places }: UploadPorts) {
  return new Hono<ApiEnv>()
    .post(
      "/:id/complete",
      describeRoute({
        tags: ["Uploads"],
        summary: "Complete an upload; repeating it answers the same",
        responses: {
          200: answers("What the storage now holds", CompleteUploadResponse),
          default: answersProblem("It was not completed; its parts are kept"),
        },
      }),
      pathParameters(UploadParameters),
      jsonBody(CompleteUploadRequest),
      async (c) => {
        const { id } = c.req.valid("param");
        const statement = requireAllowedStatement(id, c.get("identity"), ids);
        const receipt = await completeUpload(statement, c.req.valid("json"), storage);
        if (isMultipart(statement)) await places.free(statement.how.uploadId);
        // Nobody has to wait for it.
        void notes.ended(statement, c.get("report"));
        c.get("metrics").ended("completed", receipt.sizeBytes);
        return c.json(receipt, 200);
      },
    )
    .delete(
      "/:id",
      describeRoute({
        tags: ["Uploads"],
        summary: "Abort an upload and remove its parts; a completed object stays",
        responses: {
          204: { description: "The storage holds no part of it" },
          default: answersProblem("Parts may be left; repeat the request"),
        },
      }),
      pathParameters(UploadParameters),
      async (c) => {
        const statement = requireStatement(c.req.valid("param").id, c.get("identity"), ids);
        if (isMultipart(statement)) {
          const { key, how } = statement;
          await storage.gateway.abortUpload({ key, uploadId: how.uploadId });
          await places.free(how.uploadId);
          await notes.ended(statement, c.get("report"));
        }
        c.get("metrics").ended("aborted");
        return c.body(null, 204);
      },
    );
}
