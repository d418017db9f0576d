import * as z from "zod/mini";
import { ProblemError } from "../../shared/problem.ts";
import { hasDotSegment } from "../../shared/reserved-key.ts";
import { SCOPES, type Identity } from "./identity.ts";

/** As `image/png`, `image/*` or the one that means all. */
const MEDIA_RANGE = /^(\*\/\*|[\w!#$&^.+-]+\/(\*|[\w!#$&^.+-]+))$/;

/** Control characters and halves of surrogate pairs are in no key. */
const isPrefix = (text: string) => !hasDotSegment(text) && !/[\p{Cc}\p{Surrogate}]/u.test(text);

/** The claims of a grant; others are ignored. */
const GrantClaims = z.object({
  sub: z.string().check(z.minLength(1), z.maxLength(256)),
  exp: z.number(),
  scope: z.string().check(z.maxLength(2048)),
  prefix: z.optional(
    z.string().check(z.maxLength(512), z.refine(isPrefix, "has . or .. or control characters")),
  ),
  max_bytes: z.optional(z.int().check(z.gte(0))),
  content_types: z.optional(
    z.array(z.string().check(z.maxLength(256), z.regex(MEDIA_RANGE))).check(z.maxLength(100)),
  ),
});

/**
 * What a verified grant allows; scopes that nobody knows are ignored.
 * @throws ProblemError `unauthorized` naming the claims that mean nothing: a limit that cannot be kept is none
 */
export function toIdentity(payload: unknown): Identity {
  const decoded = z.safeParse(GrantClaims, payload);
  if (!decoded.success) {
    const claims = new Set(decoded.error.issues.map(({ path }) => String(path[0])));
    throw new ProblemError(
      "unauthorized",
      `The grant has unusable claims: ${[...claims].join(", ")}.`,
    );
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
