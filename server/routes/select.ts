import { Hono } from "hono";
import { describeRoute, resolver } from "hono-openapi";
import { SelectLine, SelectQuery } from "../../shared/api.ts";
import { requireAllowedKey, requireScope } from "../auth/index.ts";
import type { Storage } from "../s3/index.ts";
import type { ApiEnv } from "./context.ts";
import { QuerySlots } from "./query-slots.ts";
import { runQuery } from "./run-query.ts";
import { lineStream } from "./select-lines.ts";
import { answersProblem, jsonBody } from "./validate.ts";

/** A query takes no longer, in milliseconds. */
const MAX_QUERY_MS = 15 * 60_000;

/** Queries about objects. */
export function createSelectRoutes(
  storage: Pick<Storage, "gateway" | "bytesOf" | "selectNatively">,
) {
  const slots = new QuerySlots();
  const memory = { hasNative: true };
  return new Hono<ApiEnv>().post(
    "/",
    describeRoute({
      tags: ["Select"],
      summary: "Ask an object a question in S3 Select's SQL",
      responses: {
        200: {
          description:
            "Records and progress, a line each as they come; the last line is `end` or `error`",
          content: { "application/x-ndjson": { schema: resolver(SelectLine) } },
        },
        default: answersProblem("The query was not begun"),
      },
    }),
    jsonBody(SelectQuery),
    async (c) => {
      const identity = c.get("identity");
      const query = c.req.valid("json");
      requireScope(identity, "query");
      requireAllowedKey(identity, query.key);
      const release = slots.take(identity.subject);
      try {
        const signal = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(MAX_QUERY_MS)]);
        const answer = await runQuery(query, storage, memory, signal);
        const body = lineStream(answer, { signal, report: c.get("report"), release });
        return c.body(body, 200, { "content-type": "application/x-ndjson" });
      } catch (error) {
        release();
        throw error;
      }
    },
  );
}
