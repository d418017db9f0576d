import type { Context } from "hono";
import { deleteCookie, setCookie } from "hono/cookie";
import type { IssuedSession } from "./sessions.ts";

const NAME = "sluice_session";

/** More than one site beside us would put there; each costs a signature to be looked at. */
const MAX_TOKENS = 8;

/**
 * The tokens that the browser brought, up to eight. A site on another port of this host, or on a name below its
 * domain, can put a cookie of the same name in front of ours, which nothing tells apart.
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-8.6
 */
export function readSessionCookies(c: Context): string[] {
  const pairs = (c.req.header("cookie") ?? "").split(";").map((pair) => pair.trim());
  return pairs
    .filter((pair) => pair.startsWith(`${NAME}=`))
    .map((pair) => pair.slice(NAME.length + 1))
    .slice(0, MAX_TOKENS);
}

/**
 * Gives the browser its token: no script reads it, no other site sends it, and it goes with the browser's session.
 * @see https://www.rfc-editor.org/rfc/rfc6265
 */
export function writeSessionCookie(c: Context, { token, session }: IssuedSession): void {
  setCookie(c, NAME, token, {
    httpOnly: true,
    sameSite: "Strict",
    path: "/",
    secure: session.isSecure,
  });
}

/** Takes the token back. */
export function clearSessionCookie(c: Context): void {
  deleteCookie(c, NAME, { httpOnly: true, sameSite: "Strict", path: "/" });
}
