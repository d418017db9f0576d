import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { IssuedSession } from "./sessions.ts";

const NAME = "sluice_session";

/** The session's token, as the browser brought it. */
export function readSessionCookie(c: Context): string | undefined {
  return getCookie(c, NAME);
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
