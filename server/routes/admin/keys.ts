import { Hono } from "hono";
import { describeRoute, resolver } from "hono-openapi";
import { KeysQuery, KeySurveyLine } from "../../../shared/admin-api.ts";
import { ProblemError } from "../../../shared/problem.ts";
import { isReservedKey } from "../../../shared/reserved-key.ts";
import { requireScope } from "../../auth/index.ts";
import type { ApiEnv } from "../context.ts";
import { jsonLines } from "../json-lines.ts";
import { toProblemDetails } from "../problem-response.ts";
import { answersProblem, queryParameters } from "../validate.ts";
import { surveyKeys, type SurveyPorts } from "./key-survey.ts";

/** `GET /api/admin/bucket/keys`: how the keys of the bucket spread, told while they are listed. */
export function createKeySurveyRoutes(ports: SurveyPorts) {
  return new Hono<ApiEnv>().get(
    "/",
    describeRoute({
      tags: ["Administration"],
      summary:
        "Say how keys spread over prefixes and time, and what key strategies would make of them",
      responses: {
        200: {
          description: "All that is known so far, a line each time; the last is `done` or `error`",
          content: { "application/x-ndjson": { schema: resolver(KeySurveyLine) } },
        },
        default: answersProblem("Nothing was listed"),
      },
    }),
    queryParameters(KeysQuery),
    async (c) => {
      requireScope(c.get("identity"), "admin");
      const { prefix = "" } = c.req.valid("query");
      if (isReservedKey(prefix)) {
        throw new ProblemError("forbidden", "Keys that begin with it are the server's own.");
      }
      const leave = new AbortController();
      const signal = AbortSignal.any([c.req.raw.signal, leave.signal]);
      const survey = surveyKeys(prefix, signal, ports);
      // A bucket that refuses is told by the status.
      const first = await survey.next();
      const lines = linesOf(first, survey, (error) => {
        if (signal.aborted) return null;
        c.get("report")(error);
        const { code, detail } = toProblemDetails(error, c.get("requestId"));
        return { type: "error", code, detail };
      });
      // A listing that is under way ends at once, not with its page.
      const body = jsonLines(lines, () => leave.abort());
      return c.body(body, 200, { "content-type": "application/x-ndjson" });
    },
  );
}

type Lines = AsyncGenerator<KeySurveyLine, void, undefined>;

async function* linesOf(
  first: IteratorResult<KeySurveyLine, void>,
  rest: Lines,
  describe: (error: unknown) => KeySurveyLine | null,
): Lines {
  if (!first.done) yield first.value;
  try {
    yield* rest;
  } catch (error) {
    const line = describe(error);
    if (line !== null) yield line;
  }
}
