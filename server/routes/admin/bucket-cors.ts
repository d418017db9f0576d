import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { CorsQuery, CorsRequest, CorsResponse } from "../../../shared/admin-api.ts";
import { ProblemError } from "../../../shared/problem.ts";
import { requireScope } from "../../auth/index.ts";
import { lacksOf, type BucketConfiguration } from "../../s3/index.ts";
import type { ApiEnv } from "../context.ts";
import { answers, answersProblem, jsonBody, queryParameters } from "../validate.ts";

type Cors = BucketConfiguration["cors"];
type CorsRules = Awaited<ReturnType<Cors["get"]>>;

/**
 * The bucket's CORS rules, and ours in front of them.
 * @param sites origins of the pages that upload, as they are configured
 */
export function createCorsRoutes(cors: Cors, sites: () => readonly string[]) {
  return new Hono<ApiEnv>()
    .get(
      "/",
      describeRoute({
        tags: ["Administration"],
        summary: "All CORS rules of the bucket, and what sites that upload lack",
        responses: {
          200: answers("The rules, and the smallest one that would mend it", CorsResponse),
          default: answersProblem("They cannot be read"),
        },
      }),
      queryParameters(CorsQuery),
      async (c) => {
        requireScope(c.get("identity"), "admin");
        const { origin } = c.req.valid("query");
        const asked = origin === undefined ? [] : checkedOrigins([origin]);
        const own = ownOrigin((name) => c.req.header(name));
        return c.json(judge(cors, await cors.get(), [...sites(), ...own, ...asked]), 200);
      },
    )
    .put(
      "/",
      describeRoute({
        tags: ["Administration"],
        summary: "Set our rule in front of all others; touches no other",
        responses: {
          200: answers("The rules as the bucket then tells them", CorsResponse),
          default: answersProblem("Nothing is set, or somebody else was at it too"),
        },
      }),
      jsonBody(CorsRequest),
      async (c) => {
        requireScope(c.get("identity"), "admin");
        const { origins } = c.req.valid("json");
        const own = ownOrigin((name) => c.req.header(name));
        const wanted = origins
          ? checkedOrigins(origins)
          : [...sites(), ...own, ...(await originsOfOurs(cors))];
        const rule = cors.propose([...new Set(wanted)]);
        return c.json(judge(cors, await cors.setRule(rule), [...sites(), ...own, ...wanted]), 200);
      },
    );
}

function judge(
  cors: Cors,
  { supported, rules }: CorsRules,
  sites: readonly string[],
): CorsResponse {
  const origins = [...new Set(sites)];
  return {
    supported,
    rules: [...rules],
    // A storage without such rules may let everybody in: only a browser can tell.
    origins: origins.map((origin) => ({ origin, lacks: supported ? lacksOf(rules, origin) : [] })),
    proposal: cors.propose(origins),
  };
}

/** Sites that our rule lets in already stay there unless others are named. */
async function originsOfOurs(cors: Cors): Promise<readonly string[]> {
  const { rules } = await cors.get();
  return rules.filter(({ ours }) => ours).flatMap(({ allowedOrigins }) => allowedOrigins);
}

/**
 * The origin of the page that asks. Browsers do not name it where it is our own and nothing is changed:
 * then it is the host that was asked.
 */
function ownOrigin(header: (name: string) => string | undefined): readonly string[] {
  const scheme = header("x-forwarded-proto")?.split(",")[0]?.trim() === "https" ? "https" : "http";
  const named = header("origin") ?? `${scheme}://${header("host") ?? ""}`;
  return URL.canParse(named) && isOrigin(named) ? [new URL(named).origin] : [];
}

/** @throws ProblemError `bad-request` for what is no origin */
function checkedOrigins(origins: readonly string[]): readonly string[] {
  if (origins.length === 0) throw new ProblemError("bad-request", "origins: name a site at least.");
  for (const origin of origins) {
    // One `*` stands for any text.
    if (!/\*.*\*/.test(origin) && isOrigin(origin.replace("*", "any"))) continue;
    const said = JSON.stringify(origin);
    throw new ProblemError(
      "bad-request",
      `origins: ${said} is no origin such as https://app.example.`,
    );
  }
  return origins;
}

function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
