import { Hono, type Context } from "hono";
import { describeRoute } from "hono-openapi";
import { SessionResponse, SignInRequest } from "../../shared/admin-api.ts";
import { ProblemError } from "../../shared/problem.ts";
import { clearSessionCookie, writeSessionCookie, type SignIn } from "../auth/index.ts";
import type { ApiEnv } from "./context.ts";
import { answers, answersProblem, jsonBody } from "./validate.ts";

/** Signing in and out, and who asks; nobody has to be known for that. */
export function createSessionRoutes(signIn: SignIn | null) {
  return new Hono<ApiEnv>()
    .get(
      "/",
      describeRoute({
        tags: ["Session"],
        summary: "Who asks, and how else they could; asking does not prolong a session",
        responses: {
          200: answers("Who asks", SessionResponse),
          default: answersProblem("The grant is not valid"),
        },
      }),
      (c) => c.json(describeCaller(c, signIn), 200),
    )
    .post(
      "/",
      describeRoute({
        tags: ["Session"],
        summary: "Sign in with the admin password",
        responses: {
          204: { description: "A cookie holds the session" },
          default: answersProblem("Nobody is signed in"),
        },
      }),
      jsonBody(SignInRequest),
      async (c) => {
        if (signIn === null) {
          throw new ProblemError(
            "not-found",
            "Nobody signs in here: SLUICE_ADMIN_PASSWORD is not set.",
          );
        }
        const { password } = c.req.valid("json");
        const isSecure = (c.req.header("origin") ?? "").startsWith("https:");
        const issued = await signIn.withPassword(password, c.get("address"), isSecure);
        writeSessionCookie(c, issued);
        return c.body(null, 204);
      },
    )
    .delete(
      "/",
      describeRoute({
        tags: ["Session"],
        summary: "Sign out; repeating it does no harm",
        responses: {
          204: { description: "The session is over" },
          default: answersProblem("It is not"),
        },
      }),
      (c) => {
        const caller = c.get("caller");
        if (caller.mode === "session") signIn?.sessions.end(caller.session);
        clearSessionCookie(c);
        return c.body(null, 204);
      },
    );
}

function describeCaller(c: Context<ApiEnv>, signIn: SignIn | null): SessionResponse {
  const caller = c.get("caller");
  const { mode, identity } = caller;
  const canSignIn = signIn !== null;
  if (identity === null) return { mode, canSignIn, identity };
  const { subject, scopes, prefix, maxBytes, contentTypes } = identity;
  return {
    mode,
    canSignIn,
    identity: {
      subject,
      scopes: [...scopes],
      prefix,
      maxBytes,
      contentTypes: contentTypes && [...contentTypes],
    },
    ...(caller.mode === "session"
      ? { expiresAt: new Date(caller.session.expiresAtMs).toISOString() }
      : {}),
  };
}
