import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { ListObjectsQuery, ListObjectsResponse, MAX_OBJECTS_PER_PAGE } from "../../shared/api.ts";
import { requireAllowedKey, requireAnyScope, type Identity } from "../auth/index.ts";
import type { Storage } from "../s3/index.ts";
import type { ApiEnv } from "./context.ts";
import { answers, answersProblem, queryParameters } from "./validate.ts";

/** Objects by their keys. */
export function createObjectRoutes(storage: Pick<Storage, "listObjects">) {
  return new Hono<ApiEnv>().get(
    "/",
    describeRoute({
      tags: ["Objects"],
      summary: "List objects by the beginning of their keys",
      responses: {
        200: answers("A page of objects, and of what is rolled up", ListObjectsResponse),
        default: answersProblem("Nothing was listed"),
      },
    }),
    queryParameters(ListObjectsQuery),
    async (c) => {
      const identity = c.get("identity");
      const { prefix = "", cursor, limit, delimiter } = c.req.valid("query");
      requireAnyScope(identity, ["query", "download"]);
      const page = await storage.listObjects({
        prefix: allowedPrefix(identity, prefix),
        limit: limit ?? MAX_OBJECTS_PER_PAGE,
        ...(cursor ? { cursor } : {}),
        ...(delimiter ? { delimiter } : {}),
      });
      const answer: ListObjectsResponse = {
        objects: page.objects.map((object) => ({
          ...object,
          lastModified: object.lastModified.toISOString(),
        })),
        prefixes: [...page.prefixes],
        nextCursor: page.nextCursor,
      };
      return c.json(answer, 200);
    },
  );
}

/**
 * What may be listed of what is asked for: whoever asks for more than a grant's prefix is shown that, so that
 * a person who types a key from its first letter on sees something.
 * @throws ProblemError `forbidden` where nothing of it is allowed
 */
function allowedPrefix(identity: Identity, asked: string): string {
  if (identity.prefix.startsWith(asked)) return identity.prefix;
  requireAllowedKey(identity, asked);
  return asked;
}
