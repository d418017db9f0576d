import { errors, jwtVerify } from "jose";
import * as z from "zod/mini";
import { ProblemError } from "../../shared/problem.ts";
import { SCOPES, type Identity } from "./identity.ts";

/** The claims of a grant; others are ignored. */
const GrantClaims = z.object({
  sub: z.string().check(z.minLength(1), z.maxLength(256)),
  exp: z.number(),
  scope: z.string(),
  prefix: z.optional(z.string().check(z.maxLength(512))),
  max_bytes: z.optional(z.int().check(z.gte(0))),
  content_types: z.optional(z.array(z.string())),
});

/** Turns a presented grant into an identity, or throws ProblemError `unauthorized`. */
export type GrantVerifier = (token: string) => Promise<Identity>;

/** Clocks of issuer and server may differ by this much, in seconds. */
const CLOCK_TOLERANCE_SECONDS = 30;

/**
 * Verifies grants signed with the server's secret. The algorithm is pinned: a token cannot choose one.
 * @see https://www.rfc-editor.org/rfc/rfc8725
 */
export function createGrantVerifier(
  secret: string,
  now: () => Date = () => new Date(),
): GrantVerifier {
  const key = new TextEncoder().encode(secret);
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ["HS256"],
        requiredClaims: ["sub", "exp", "scope"],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: now(),
      });
      return toIdentity(payload);
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      const reason = error instanceof errors.JWTExpired ? "has expired" : "is not valid";
      throw new ProblemError("unauthorized", `The grant ${reason}.`, { cause: error });
    }
  };
}

function toIdentity(payload: unknown): Identity {
  const decoded = z.safeParse(GrantClaims, payload);
  if (!decoded.success) {
    const claims = decoded.error.issues.map(({ path }) => path.join(".")).join(", ");
    throw new ProblemError("unauthorized", `The grant has unusable claims: ${claims}.`);
  }
  const { sub, scope, prefix = "", max_bytes, content_types } = decoded.data;
  const words = new Set(scope.split(" "));
  return {
    subject: sub,
    scopes: new Set(SCOPES.filter((known) => words.has(known))),
    prefix,
    maxBytes: max_bytes ?? null,
    contentTypes: content_types ?? null,
  };
}
