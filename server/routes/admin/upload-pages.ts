import { Hono } from "hono";
import { compress } from "hono/compress";
import { describeRoute } from "hono-openapi";
import {
  ListUploadsQuery,
  ListUploadsResponse,
  MAX_UPLOADS_PER_PAGE,
  type IncompleteUpload,
} from "../../../shared/admin-api.ts";
import { requireScope } from "../../auth/index.ts";
import type { FoundUpload, Storage } from "../../s3/index.ts";
import type { ApiEnv } from "../context.ts";
import { answers, answersProblem, queryParameters } from "../validate.ts";
import { decodeCursor, encodeCursor } from "./upload-cursor.ts";

/** `GET /api/admin/uploads`: the incomplete uploads of the bucket, a page at a time. */
export function createUploadPageRoutes(storage: Pick<Storage, "incomplete" | "capabilities">) {
  return new Hono<ApiEnv>().get(
    "/",
    // A thousand uploads have 300 KB that repeat each other.
    compress({ encoding: "gzip" }),
    describeRoute({
      tags: ["Administration"],
      summary: "List uploads that were neither completed nor aborted",
      responses: {
        200: answers("A page, in the order of the keys", ListUploadsResponse),
        default: answersProblem(
          "Nothing was listed; `storage-busy`: ask again, from the same cursor",
        ),
      },
    }),
    queryParameters(ListUploadsQuery),
    async (c) => {
      requireScope(c.get("identity"), "admin");
      const { prefix = "", cursor, limit } = c.req.valid("query");
      const known = await storage.capabilities().catch(() => null);
      const page = await storage.incomplete.list({
        prefix,
        limit: limit ?? MAX_UPLOADS_PER_PAGE,
        cursor: cursor ? decodeCursor(cursor) : null,
        isByKeyAlone: known?.uploadListing === "by-key",
      });
      const answer: ListUploadsResponse = {
        uploads: page.uploads.map(rowOf),
        nextCursor: page.next === null ? null : encodeCursor(page.next),
        source: page.source,
      };
      return c.json(answer, 200);
    },
  );
}

function rowOf({
  initiatedAt,
  abortsAt,
  heardAt,
  liveness,
  ...upload
}: FoundUpload): IncompleteUpload {
  return {
    ...upload,
    initiatedAt: initiatedAt.toISOString(),
    live: liveness === "uploading",
    liveness,
    ...(abortsAt === null ? {} : { abortsAt: abortsAt.toISOString() }),
    ...(heardAt === undefined ? {} : { heardAt: heardAt.toISOString() }),
  };
}
