import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import {
  CheckupResponse,
  ProbeQuery,
  ProbeRequest,
  ProbeResponse,
} from "../../../shared/admin-api.ts";
import { requireScope } from "../../auth/index.ts";
import type { Checkup } from "../../checkup/index.ts";
import type { ApiEnv } from "../context.ts";
import { answers, answersProblem, jsonBody, queryParameters } from "../validate.ts";

/** The bucket's check-up, and what a browser makes its own with. */
export function createCheckupRoutes(checkup: Checkup) {
  return new Hono<ApiEnv>()
    .get(
      "/",
      describeRoute({
        tags: ["Administration"],
        summary: "Try everything that uploads need of the bucket; takes a minute at most",
        responses: {
          200: answers("What was found, and what can be done about it", CheckupResponse),
          default: answersProblem("You may not know"),
        },
      }),
      async (c) => {
        requireScope(c.get("identity"), "admin");
        return c.json(await checkup.run(), 200);
      },
    )
    .post(
      "/probe",
      describeRoute({
        tags: ["Administration"],
        summary: "Signed URLs by which a browser tries the bucket itself",
        responses: {
          201: answers(
            "A URL to write some characters to and one to read them, by origin",
            ProbeResponse,
          ),
          default: answersProblem("Nothing was signed"),
        },
      }),
      jsonBody(ProbeRequest),
      async (c) => {
        requireScope(c.get("identity"), "admin");
        return c.json(await checkup.openProbe(c.req.valid("json").sizeBytes), 201);
      },
    )
    .delete(
      "/probe",
      describeRoute({
        tags: ["Administration"],
        summary: "Remove what a browser wrote",
        responses: {
          204: { description: "It is not there (any more), as far as it may be removed" },
          default: answersProblem("This is the key of no probe"),
        },
      }),
      queryParameters(ProbeQuery),
      async (c) => {
        requireScope(c.get("identity"), "admin");
        await checkup.removeProbe(c.req.valid("query").key);
        return c.body(null, 204);
      },
    );
}
