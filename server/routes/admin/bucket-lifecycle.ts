import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { LifecycleRequest, LifecycleResponse } from "../../../shared/admin-api.ts";
import { requireScope } from "../../auth/index.ts";
import type { BucketConfiguration } from "../../s3/index.ts";
import type { ApiEnv } from "../context.ts";
import { answers, answersProblem, jsonBody } from "../validate.ts";

/** The bucket's lifecycle rules, and ours among them, which ends incomplete uploads. */
export function createLifecycleRoutes(lifecycle: BucketConfiguration["lifecycle"]) {
  return new Hono<ApiEnv>()
    .get(
      "/",
      describeRoute({
        tags: ["Administration"],
        summary: "All lifecycle rules of the bucket, and when incomplete uploads end",
        responses: {
          200: answers("The rules", LifecycleResponse),
          default: answersProblem("They cannot be read"),
        },
      }),
      async (c) => {
        requireScope(c.get("identity"), "admin");
        return c.json(await lifecycle.get(), 200);
      },
    )
    .put(
      "/",
      describeRoute({
        tags: ["Administration"],
        summary: "End incomplete uploads after so many days; touches no other rule",
        responses: {
          200: answers("The rules as the bucket then tells them", LifecycleResponse),
          default: answersProblem("Nothing is set, or somebody else was at it too"),
        },
      }),
      jsonBody(LifecycleRequest),
      async (c) => {
        requireScope(c.get("identity"), "admin");
        const { abortIncompleteAfterDays } = c.req.valid("json");
        return c.json(await lifecycle.setAbortRule(abortIncompleteAfterDays), 200);
      },
    )
    .delete(
      "/",
      describeRoute({
        tags: ["Administration"],
        summary: "Remove the rule that this server set; touches no other",
        responses: {
          200: answers("The rules as the bucket then tells them", LifecycleResponse),
          default: answersProblem("Nothing is removed, or somebody else was at it too"),
        },
      }),
      async (c) => {
        requireScope(c.get("identity"), "admin");
        return c.json(await lifecycle.removeAbortRule(), 200);
      },
    );
}
