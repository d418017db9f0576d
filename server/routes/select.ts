import { Hono } from "hono";
import { describeRoute, resolver } from "hono-openapi";
import { SchemaRequest, SchemaResponse, SelectLine, SelectQuery } from "../../shared/select-api.ts";
import { requireAllowedKey, requireScope, type Identity } from "../auth/index.ts";
import type { Storage } from "../s3/index.ts";
import type { AnswerCache } from "../cache/index.ts";
import type { QueryEngine } from "../select/index.ts";
import type { ApiEnv } from "./context.ts";
import { countQuery } from "./count-query.ts";
import { QuerySlots } from "./query-slots.ts";
import { requireReadable } from "./require-readable.ts";
import { runQuery } from "./run-query.ts";
import { lineStream } from "./select-lines.ts";
import { answers, answersProblem, jsonBody } from "./validate.ts";

/** A query takes no longer, in milliseconds. */
const MAX_QUERY_MS = 15 * 60_000;

/** Looking at an object's beginning takes no longer, in milliseconds. */
const MAX_SCHEMA_MS = 20_000;

type SelectStorage = Pick<Storage, "bucket" | "gateway" | "bytesOf" | "selectNatively">;

const describeSchema = describeRoute({
  tags: ["Select"],
  summary: "Find out how an object is written, and what columns it has",
  responses: {
    200: answers("Format, columns and first records", SchemaResponse),
    default: answersProblem("The object could not be looked at"),
  },
});

const describeQuery = describeRoute({
  tags: ["Select"],
  summary: "Ask an object a question in S3 Select's SQL",
  responses: {
    200: {
      description: "Records and progress, a line each as they come; the last is `end` or `error`",
      content: { "application/x-ndjson": { schema: resolver(SelectLine) } },
    },
    default: answersProblem("The query was not begun"),
  },
});

/** Queries about objects. */
export function createSelectRoutes(
  storage: SelectStorage,
  answers: AnswerCache,
  engine: QueryEngine,
) {
  const slots = new QuerySlots();
  const ports = { storage, answers, select: engine.select, memory: { hasNative: true } };
  return new Hono<ApiEnv>()
    .post("/schema", describeSchema, jsonBody(SchemaRequest), async (c) => {
      const { key } = c.req.valid("json");
      requireAllowedQuery(c.get("identity"), key);
      const signal = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(MAX_SCHEMA_MS)]);
      return c.json(await schemaOf(key, storage, engine, signal), 200);
    })
    .post("/", describeQuery, jsonBody(SelectQuery), async (c) => {
      const identity = c.get("identity");
      const query = c.req.valid("json");
      requireAllowedQuery(identity, query.key);
      const release = slots.take(identity.subject);
      try {
        const signal = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(MAX_QUERY_MS)]);
        const begun = await runQuery(query, ports, signal);
        const answer = countQuery(begun, c.get("metrics"));
        const body = lineStream(answer, { signal, report: c.get("report"), release });
        return c.body(body, 200, { "content-type": "application/x-ndjson" });
      } catch (error) {
        release();
        throw error;
      }
    });
}

function requireAllowedQuery(identity: Identity, key: string): void {
  requireScope(identity, "query");
  requireAllowedKey(identity, key);
}

const NAMES = { NONE: "none", GZIP: "gzip", BZIP2: "bzip2" } as const;

async function schemaOf(
  key: string,
  storage: SelectStorage,
  { detect }: Pick<QueryEngine, "detect">,
  signal: AbortSignal,
): Promise<SchemaResponse> {
  const object = await requireReadable(storage.gateway, key);
  const schema = await detect(storage.bytesOf(key, object), signal);
  const { format, compression, csv, json, columns, rows } = schema;
  return {
    format,
    compression: NAMES[compression],
    ...(csv && { csv }),
    ...(json && { json }),
    columns: [...columns],
    rows: rows.map((row) => [...row]),
    sizeBytes: object.sizeBytes,
    etag: object.etag,
  };
}
