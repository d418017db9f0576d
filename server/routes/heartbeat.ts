import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { HeartbeatRequest } from "../../shared/admin-api.ts";
import { mapConcurrently } from "../../shared/concurrency.ts";
import { requireScope, type Identity } from "../auth/index.ts";
import type { ApiEnv } from "./context.ts";
import type { UploadIds, UploadStatement } from "./upload-id.ts";
import type { UploadNotes } from "./upload-notes.ts";
import { requireStatement } from "./upload-statement.ts";
import { answersProblem, jsonBody } from "./validate.ts";

/** Entries of the register written at once. */
const NOTES_AT_ONCE = 16;

/** Browsers say here which of their uploads are alive. */
export function createHeartbeatRoutes({ ids, notes }: { ids: UploadIds; notes: UploadNotes }) {
  return new Hono<ApiEnv>().post(
    "/heartbeat",
    describeRoute({
      tags: ["Uploads"],
      summary: "Say which uploads are being sent, and which were put aside",
      responses: {
        204: { description: "Noted" },
        default: answersProblem("One of the IDs is of no use; the others were noted"),
      },
    }),
    jsonBody(HeartbeatRequest),
    async (c) => {
      const identity = c.get("identity");
      requireScope(identity, "upload");
      const { uploads } = c.req.valid("json");
      const opened = uploads.map(({ id, state }) => ({ state, ...openId(id, identity, ids) }));
      await mapConcurrently(opened, NOTES_AT_ONCE, async ({ statement, state }) => {
        if (statement !== undefined) await notes.heard(statement, state, c.get("report"));
      });
      const bad = opened.find(({ statement }) => statement === undefined);
      // One that has expired must not silence the others of its sender.
      if (bad !== undefined) throw bad.fault;
      return c.body(null, 204);
    },
  );
}

function openId(
  id: string,
  identity: Identity,
  ids: UploadIds,
): { readonly statement?: UploadStatement; readonly fault?: unknown } {
  try {
    return { statement: requireStatement(id, identity, ids) };
  } catch (fault) {
    return { fault };
  }
}
