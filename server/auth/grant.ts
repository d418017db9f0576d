import { errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from "jose";
import { ProblemError } from "../../shared/problem.ts";
import { toIdentity } from "./grant-claims.ts";
import { remoteKeys } from "./grant-keys.ts";
import type { Identity } from "./identity.ts";

/** Which grants count. */
export interface GrantRules {
  /** Verifies HS256, unless there is an identity provider. */
  readonly secret: string;
  /** Where the public keys of an identity provider are; `null`: none. */
  readonly jwksUrl: string | null;
  /** A grant that says for whom it is has to name this; one of an identity provider has to say so. */
  readonly audience: string;
  /** Who has to have issued it; `null`: anybody who can sign. */
  readonly issuer: string | null;
}

/** Turns a presented grant into an identity, or throws ProblemError `unauthorized`, `identity-unreachable`. */
export type GrantVerifier = (token: string) => Promise<Identity>;

/** Clocks of issuer and server may differ by this much, in seconds. */
const CLOCK_TOLERANCE_SECONDS = 30;

/** What public keys sign by; never a secret's algorithm, by which a public key would be one that everybody has. */
const PUBLIC_KEY_ALGORITHMS =
  "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");

/**
 * Verifies grants, by the server's secret or by an identity provider's keys, never by both. The algorithm is
 * pinned: a token cannot choose one.
 * @see https://www.rfc-editor.org/rfc/rfc8725
 */
export function createGrantVerifier(
  rules: GrantRules,
  now: () => Date = () => new Date(),
): GrantVerifier {
  const verify = verifierOf(rules, now);
  return async (token) => {
    try {
      const payload = await verify(token);
      requireAudience(payload, rules.audience);
      return toIdentity(payload);
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      throw new ProblemError("unauthorized", `The grant ${reasonOf(error)}.`, { cause: error });
    }
  };
}

function verifierOf(
  { secret, jwksUrl, issuer }: GrantRules,
  now: () => Date,
): (token: string) => Promise<JWTPayload> {
  const required = ["sub", "exp", "scope"];
  const options = (): JWTVerifyOptions => ({
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: now(),
    ...(issuer === null ? {} : { issuer }),
  });
  if (jwksUrl === null) {
    const key = new TextEncoder().encode(secret);
    return async (token) => {
      const strict = { ...options(), algorithms: ["HS256"], requiredClaims: required };
      return (await jwtVerify(token, key, strict)).payload;
    };
  }
  const keys = remoteKeys(jwksUrl, () => now().getTime());
  return async (token) => {
    // What a provider issues for its other clients is not for us.
    const requiredClaims = [...required, "aud"];
    const strict = { ...options(), algorithms: PUBLIC_KEY_ALGORITHMS, requiredClaims };
    return (await jwtVerify(token, keys, strict)).payload;
  };
}

function requireAudience({ aud }: JWTPayload, audience: string): void {
  if (aud === undefined || [aud].flat().includes(audience)) return;
  throw new ProblemError("unauthorized", `The grant is not for "${audience}" (aud).`);
}

/** Says nothing that helps to forge one. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "has expired";
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === "nbf") {
    return "is not valid yet";
  }
  if (error instanceof errors.JWTClaimValidationFailed && error.reason === "missing") {
    return `lacks the claim "${error.claim}"`;
  }
  return "is not valid";
}
