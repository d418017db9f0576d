import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { ProblemError } from "../../shared/problem.ts";
import { callerAddress } from "./address.ts";
import type { GrantVerifier } from "./grant.ts";
import { ADMIN_IDENTITY, LOCAL_IDENTITY, type Identity } from "./identity.ts";
import { isFromElsewhere, isOwnOrigin, requireKnownOrigin, requireLocal } from "./origin.ts";
import { readSessionCookies, writeSessionCookie } from "./session-cookie.ts";
import type { Session } from "./sessions.ts";
import type { SignIn } from "./sign-in.ts";
import type { RateLimiter } from "./token-bucket.ts";

/** Who may call, and from where. */
export interface AuthOptions {
  readonly verifyGrant: GrantVerifier;
  /** How admins sign in; `null`: there is no password. */
  readonly signIn: SignIn | null;
  /** Everyone who reaches the loopback address is admin. */
  readonly localMode: boolean;
  /** Other sites that may call the API. */
  readonly allowedOrigins: readonly string[];
  /** How many proxies of ours add to X-Forwarded-For. */
  readonly proxyHops: number;
  /** Requests of each caller; in local mode there is nobody to be protected from. */
  readonly requests: RateLimiter;
}

/** Who asks, and by what it is known. */
export type Caller =
  | { readonly mode: "local" | "grant"; readonly identity: Identity }
  | { readonly mode: "session"; readonly identity: Identity; readonly session: Session }
  | { readonly mode: "none"; readonly identity: null };

/** Variables that `authenticate` sets in the context. */
export interface AuthEnv {
  Variables: {
    /** Of whoever is known; routes that nobody need be for read `caller`. */
    identity: Identity;
    caller: Caller;
    /** Where the request came from, as limits count it. */
    address: string;
  };
}

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Answers nobody too: who asks, signing in and out. */
const OPEN_PATH = "/api/session";

/**
 * Finds out who asks. A presented grant counts with its own limits, in local mode and beside a session too.
 * A session counts for our own pages alone: whatever changes something needs our Origin, and what another site
 * asks for in a signed-in browser is asked by nobody.
 * @throws ProblemError `unauthorized`, `forbidden`, `rate-limited`, `identity-unreachable`
 */
export function authenticate(options: AuthOptions) {
  return createMiddleware<AuthEnv>(async function authenticateRequest(c, next) {
    const address = callerAddress(c, options.proxyHops);
    c.set("address", address);
    const caller = await identify(c, options).catch(async (error: unknown) => {
      // Guessing is counted as well.
      await requirePace(options.requests, `address ${address}`);
      throw error;
    });
    if (caller.mode !== "local") await requirePace(options.requests, nameOf(caller, address));
    c.set("caller", caller);
    if (caller.identity !== null) c.set("identity", caller.identity);
    else if (c.req.path !== OPEN_PATH) throw unknown(c, options);
    await next();
    if (caller.mode === "session") await rotate(c, caller.session, options.signIn);
  });
}

async function identify(c: Context, options: AuthOptions): Promise<Caller> {
  const header = (name: string) => c.req.header(name);
  if (options.localMode) requireLocal(header, options.allowedOrigins);
  if (!SAFE_METHODS.has(c.req.method)) requireKnownOrigin(header, options.allowedOrigins);
  const token = bearerOf(header("authorization"));
  if (token !== null) return { mode: "grant", identity: await options.verifyGrant(token) };
  if (options.localMode) return { mode: "local", identity: LOCAL_IDENTITY };
  const session = await sessionOf(c, options.signIn);
  if (session === null || isFromElsewhere(header)) return { mode: "none", identity: null };
  if (!SAFE_METHODS.has(c.req.method) && !isOwnOrigin(header)) {
    throw new ProblemError("forbidden", "With a session, changes need the Origin of this server.");
  }
  return { mode: "session", identity: ADMIN_IDENTITY, session };
}

async function sessionOf(c: Context, signIn: SignIn | null): Promise<Session | null> {
  if (signIn === null) return null;
  for (const token of readSessionCookies(c)) {
    const session = await signIn.sessions.read(token);
    if (session !== null) return session;
  }
  return null;
}

/** A session in use gets a new token now and then; one that was signed out of meanwhile does not. */
async function rotate(c: Context, session: Session, signIn: SignIn | null): Promise<void> {
  if (signIn === null || c.req.path === OPEN_PATH) return;
  const rotated = await signIn.sessions.rotate(session);
  if (rotated !== null) writeSessionCookie(c, rotated);
}

function nameOf(caller: Caller, address: string): string {
  return caller.identity === null
    ? `address ${address}`
    : `${caller.mode} ${caller.identity.subject}`;
}

async function requirePace(requests: RateLimiter, caller: string): Promise<void> {
  const waitMs = await requests.take(caller);
  if (waitMs === 0) return;
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  const detail = `Too many requests of yours: go on in ${retryAfterSeconds} s.`;
  throw new ProblemError("rate-limited", detail, { retryAfterSeconds });
}

function unknown(c: Context, { signIn }: AuthOptions): ProblemError {
  const grant = "a grant: Authorization: Bearer …";
  if (signIn === null) return new ProblemError("unauthorized", `This request needs ${grant}`);
  const hasEnded = readSessionCookies(c).length > 0;
  const detail = hasEnded
    ? "Your session has ended: sign in again."
    : `Sign in, or present ${grant}`;
  return new ProblemError("unauthorized", detail);
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
