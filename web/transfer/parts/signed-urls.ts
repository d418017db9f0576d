import type { SignedPart } from "../../../shared/api.ts";

/** Most parts signed by one request. */
export const WINDOW_PARTS = 100;

/** The next window is asked for when fewer parts than this can leave at once. */
const LOW_WATER_PARTS = 24;

/** A request has to begin before its URL ends: one this close to it, in milliseconds, is not used. */
const EXPIRY_MARGIN_MS = 30_000;

/** The signed URLs at hand; times in milliseconds since 1970 by the local clock. */
export class SignedUrls {
  readonly #byPart = new Map<number, { readonly url: string; readonly expiresAt: number }>();

  /** A URL that may still be used. */
  get(partNumber: number, now: number): string | undefined {
    const signed = this.#byPart.get(partNumber);
    return signed && now < signed.expiresAt - EXPIRY_MARGIN_MS ? signed.url : undefined;
  }

  add(parts: Iterable<SignedPart>, expiresAt: number): void {
    for (const { partNumber, url } of parts) this.#byPart.set(partNumber, { url, expiresAt });
  }

  /** A URL that was used, or that may be why a request failed. */
  drop(partNumber: number): void {
    this.#byPart.delete(partNumber);
  }
}

/**
 * Which of the parts that come next to sign in one request, if it is time to ask.
 * @param upcoming the next `WINDOW_PARTS` parts, in the order in which they leave
 * @param isUrgent parts that nothing but the missing URL holds back
 */
export function partsToSign(
  upcoming: readonly number[],
  hasUrl: (partNumber: number) => boolean,
  isUrgent: (partNumber: number) => boolean,
): readonly number[] {
  const missing = upcoming.filter((partNumber) => !hasUrl(partNumber));
  const readyCount = upcoming.length - missing.length;
  return readyCount < LOW_WATER_PARTS || missing.some(isUrgent) ? missing : [];
}
