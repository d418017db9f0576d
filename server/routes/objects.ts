import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { ListObjectsQuery, ListObjectsResponse, MAX_OBJECTS_PER_PAGE } from "../../shared/api.ts";
import { isReservedKey, RESERVED_PREFIX } from "../../shared/reserved-key.ts";
import { requireAllowedKey, requireAnyScope, type Identity } from "../auth/index.ts";
import type { ListedPage, Listing, Storage } from "../s3/index.ts";
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
      const page = await listVisible(storage, {
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

/** Behind every key of the server's own. */
export const BEHIND_RESERVED = `${RESERVED_PREFIX}\u{10FFFF}`;

/**
 * A page without the server's own keys. They stand together: where they fill a page of their own, the next one
 * begins behind them, so that nobody turns a thousand empty pages.
 */
async function listVisible(
  { listObjects }: Pick<Storage, "listObjects">,
  listing: Listing,
): Promise<ListedPage> {
  const page = await listObjects(listing);
  const visible = withoutReserved(page);
  if (sizeOf(visible) > 0 || !endsInReserved(page) || page.nextCursor === null) return visible;
  const { cursor: _, ...again } = listing;
  return withoutReserved(await listObjects({ ...again, startAfter: BEHIND_RESERVED }));
}

function sizeOf({ objects, prefixes }: ListedPage): number {
  return objects.length + prefixes.length;
}

/** Other keys may be hidden too, because they resolve to one of the server's own: behind them is no jumping ahead. */
function endsInReserved({ objects, prefixes }: ListedPage): boolean {
  const last = objects.at(-1)?.key ?? prefixes.at(-1);
  return last?.startsWith(RESERVED_PREFIX) ?? false;
}

function withoutReserved(page: ListedPage): ListedPage {
  return {
    ...page,
    objects: page.objects.filter(({ key }) => !isReservedKey(key)),
    prefixes: page.prefixes.filter((prefix) => !isReservedKey(prefix)),
  };
}

/**
 * What may be listed of what is asked for: whoever asks for more than a grant's prefix is shown that, so that
 * a person who types a key from its first letter on sees something.
 * @throws ProblemError `forbidden` where nothing of it is allowed
 */
function allowedPrefix(identity: Identity, asked: string): string {
  const isWider = identity.prefix.startsWith(asked);
  const prefix = isWider ? identity.prefix : asked;
  requireAllowedKey(identity, prefix);
  return prefix;
}
