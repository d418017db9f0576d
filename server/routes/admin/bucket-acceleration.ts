import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { AccelerationRequest, AccelerationResponse } from "../../../shared/admin-api.ts";
import { requireScope } from "../../auth/index.ts";
import type { BucketConfiguration } from "../../s3/index.ts";
import type { ApiEnv } from "../context.ts";
import { answers, answersProblem, jsonBody } from "../validate.ts";

/** Transfer Acceleration of the bucket. */
export function createAccelerationRoutes(acceleration: BucketConfiguration["acceleration"]) {
  return new Hono<ApiEnv>()
    .get(
      "/",
      describeRoute({
        tags: ["Administration"],
        summary: "Whether the bucket is accelerated, and what is in the way of it",
        responses: {
          200: answers("The status", AccelerationResponse),
          default: answersProblem("It cannot be read"),
        },
      }),
      async (c) => {
        requireScope(c.get("identity"), "admin");
        return c.json(await acceleration.get(), 200);
      },
    )
    .put(
      "/",
      describeRoute({
        tags: ["Administration"],
        summary: "Enable or suspend acceleration, which takes up to half an hour",
        responses: {
          200: answers("The status as the bucket then tells it", AccelerationResponse),
          default: answersProblem("Nothing is set"),
        },
      }),
      jsonBody(AccelerationRequest),
      async (c) => {
        requireScope(c.get("identity"), "admin");
        return c.json(await acceleration.set(c.req.valid("json").status), 200);
      },
    );
}
