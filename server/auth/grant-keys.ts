import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JWTVerifyGetKey,
} from "jose";
import { ProblemError } from "../../shared/problem.ts";

/** The provider has so long to answer, in milliseconds. */
const FETCH_TIMEOUT_MS = 5000;

/** A hundred keys with their certificates are below, in bytes. */
const MAX_DOCUMENT_BYTES = 1024 * 1024;

/** Keys are asked for anew after this, so that one which was withdrawn ends; in milliseconds. */
const FRESH_MS = 10 * 60_000;

/** A key ID that nobody knows makes us ask again, but not sooner than this; neither does a failure. */
const COOLDOWN_MS = 30_000;

/** Keys of a provider that has gone silent count for so long after they were last heard, in milliseconds. */
const STALE_MS = 24 * 60 * 60_000;

/**
 * The keys of an identity provider, by the ID that a grant names. While the provider is silent the keys that are
 * known go on for a day.
 * @throws what the library says of a key that there is not; ProblemError `identity-unreachable`
 * @see https://www.rfc-editor.org/rfc/rfc7517
 */
export function remoteKeys(url: string, nowMs: () => number = Date.now): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(new URL(url), {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: FRESH_MS,
    [customFetch]: fetchShort,
  });
  let heardAtMs = nowMs();
  let failure: { readonly atMs: number; readonly cause: unknown } | null = null;
  const known: JWTVerifyGetKey = async (header, token) => {
    const jwks = remote.jwks();
    if (jwks === undefined || nowMs() - heardAtMs > STALE_MS) throw unreachable(failure?.cause);
    try {
      return await createLocalJWKSet(jwks)(header, token);
    } catch (error) {
      // It may be a key that came after the provider went silent.
      if (error instanceof errors.JWKSNoMatchingKey) throw unreachable(failure?.cause);
      throw error;
    }
  };
  return async (header, token) => {
    if (failure !== null && nowMs() - failure.atMs < COOLDOWN_MS) return known(header, token);
    try {
      const key = await remote(header, token);
      if (remote.fresh) heardAtMs = nowMs();
      failure = null;
      return key;
    } catch (error) {
      if (isAboutKey(error)) throw error;
      failure = { atMs: nowMs(), cause: error };
      return known(header, token);
    }
  };
}

/** What is longer breaks off, before it is in memory as a whole. */
const fetchShort: FetchImplementation = async (url, options) => {
  const { body, status } = await fetch(url, options);
  let sizeBytes = 0;
  const short = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      sizeBytes += piece.length;
      if (sizeBytes <= MAX_DOCUMENT_BYTES) controller.enqueue(piece);
      else controller.error(new Error(`The keys have more than ${MAX_DOCUMENT_BYTES} bytes.`));
    },
  });
  return new Response(body?.pipeThrough(short) ?? null, { status });
};

/** Of the token's key, not of the way to the provider. */
function isAboutKey(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

function unreachable(cause: unknown): ProblemError {
  return new ProblemError(
    "identity-unreachable",
    "The keys at SLUICE_GRANT_JWKS_URL cannot be had, so that no grant can be judged; try again soon.",
    { cause },
  );
}
