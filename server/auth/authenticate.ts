import { createMiddleware } from "hono/factory";
import { isLoopbackHost } from "../../shared/loopback.ts";
import { ProblemError } from "../../shared/problem.ts";
import type { GrantVerifier } from "./grant.ts";
import { LOCAL_IDENTITY, type Identity } from "./identity.ts";

/** Who may call, and from where. */
export interface AuthOptions {
  readonly verifyGrant: GrantVerifier;
  /** Everyone who reaches the loopback address is admin. */
  readonly localMode: boolean;
  /** Other sites that may call the API. */
  readonly allowedOrigins: readonly string[];
}

/** Variables that `authenticate` sets in the context. */
export interface AuthEnv {
  Variables: { identity: Identity };
}

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Finds out who asks. A presented grant counts with its own limits, in local mode too.
 * Local mode trusts the address that a request came to, so that a web page elsewhere must not be able to
 * send one: the Host has to be a loopback name (against DNS rebinding) and the Origin of whatever
 * changes something has to be ours. What a proxy passes on comes from somebody else's machine.
 * @throws ProblemError `unauthorized`, `forbidden`
 */
export function authenticate({ verifyGrant, localMode, allowedOrigins }: AuthOptions) {
  return createMiddleware<AuthEnv>(async function authenticateRequest(c, next) {
    const host = c.req.header("host") ?? "";
    if (localMode) requireLocal(host, (name) => c.req.header(name));
    const origin = c.req.header("origin");
    if (!SAFE_METHODS.has(c.req.method) && origin !== undefined) {
      requireKnownOrigin(origin, host, allowedOrigins);
    }
    const token = bearerOf(c.req.header("authorization"));
    if (token !== null) {
      c.set("identity", await verifyGrant(token));
    } else if (localMode) {
      c.set("identity", LOCAL_IDENTITY);
    } else {
      throw new ProblemError("unauthorized", "This request needs a grant: Authorization: Bearer …");
    }
    await next();
  });
}

/** What proxies add to tell whom they speak for. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

function requireLocal(host: string, header: (name: string) => string | undefined): void {
  if (!isLoopbackHost(hostName(host))) {
    throw new ProblemError("forbidden", "In local mode only a loopback host name is served.");
  }
  if (PROXY_HEADERS.some((name) => header(name) !== undefined)) {
    const remedy = "set HOST and SLUICE_SECRET, so that everyone needs a grant.";
    throw new ProblemError("forbidden", `In local mode no proxy is served: ${remedy}`);
  }
}

/** Behind a proxy that ends TLS the scheme differs, so that the host alone is compared. */
function requireKnownOrigin(origin: string, host: string, allowed: readonly string[]): void {
  const isOwn = URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
  if (isOwn || allowed.includes(origin)) return;
  throw new ProblemError("forbidden", `Requests from ${origin} are not allowed here.`);
}

/** @throws ProblemError `unauthorized` for an Authorization header of another scheme */
function bearerOf(header: string | undefined): string | null {
  if (header === undefined) return null;
  const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec(header.trim()) ?? [];
  if (token === undefined) {
    throw new ProblemError("unauthorized", "The Authorization header holds no Bearer grant.");
  }
  return token;
}

function hostName(host: string): string {
  const url = `http://${host}`;
  return URL.canParse(url) ? new URL(url).hostname : "";
}
