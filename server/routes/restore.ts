import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { RestoreObjectRequest, RestoreObjectResponse } from "../../shared/api.ts";
import { RETRIEVAL_TIMES, type ArchiveName, type RestoreTier } from "../../shared/archive.ts";
import { ProblemError } from "../../shared/problem.ts";
import { requireAllowedKey, requireScope } from "../auth/index.ts";
import type { Storage } from "../s3/index.ts";
import type { ApiEnv } from "./context.ts";
import { requireObject } from "./require-object.ts";
import { answers, answersProblem, jsonBody } from "./validate.ts";

const DEFAULT_DAYS = 7;

/**
 * Restoring archived objects. It costs the bucket's owner money, and needs the scope `query` for that reason:
 * whoever may only fetch objects fetches those that are there.
 */
export function createRestoreRoutes(storage: Pick<Storage, "gateway" | "restoreObject">) {
  return new Hono<ApiEnv>().post(
    "/",
    describeRoute({
      tags: ["Objects"],
      summary: "Restore an archived object, so that it can be read for some days",
      responses: {
        202: answers("What has become of it", RestoreObjectResponse),
        default: answersProblem("Nothing is restored"),
      },
    }),
    jsonBody(RestoreObjectRequest),
    async (c) => {
      const identity = c.get("identity");
      const { key, days = DEFAULT_DAYS, tier = "Standard" } = c.req.valid("json");
      requireScope(identity, "query");
      requireAllowedKey(identity, key);
      const { archived } = await requireObject(storage.gateway, key);
      if (archived === undefined) return c.json({ state: "restored" as const }, 202);
      const { archive } = archived;
      requireTier(archive, tier);
      const state = await storage.restoreObject(key, archive, { tier, days });
      const takes = RETRIEVAL_TIMES[archive][tier];
      return c.json({ state, archive, ...(state === "restoring" && { takes }) }, 202);
    },
  );
}

function requireTier(archive: ArchiveName, tier: RestoreTier): void {
  if (tier in RETRIEVAL_TIMES[archive]) return;
  const tiers = Object.keys(RETRIEVAL_TIMES[archive]).join(" or ");
  throw new ProblemError("bad-request", `tier: ${archive} has no ${tier}; use ${tiers}.`);
}
