import type { SignedPart } from "../../../shared/api.ts";

/** Most parts signed by one request. */
export const WINDOW_PARTS = 200;

/** The next window is asked for when fewer parts than this can leave at once. */
const LOW_WATER_PARTS = 24;

/** A request has to begin before its URL ends: one this close to it, in milliseconds, is not used. */
const EXPIRY_MARGIN_MS = 30_000;

/** What a form has to carry, signed as its URL is. */
export interface SignedForm {
  readonly fields: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** The one field that may be added, with the checksum of the bytes; null where none may. */
  readonly checksumField: string | null;
}

/** The signed URLs at hand; times in milliseconds since 1970 by the local clock. */
export class SignedUrls {
  /** Null where the request is no form. */
  form: SignedForm | null = null;
  readonly #byPart = new Map<
    number,
    {
      readonly urls: readonly string[];
      readonly headers: Readonly<Record<string, string>>;
      readonly expiresAt: number;
    }
  >();

  /** The same request at each of its origins, as far as it may still be used. */
  get(partNumber: number, now: number): readonly string[] | undefined {
    const signed = this.#byPart.get(partNumber);
    return signed && now < signed.expiresAt - EXPIRY_MARGIN_MS ? signed.urls : undefined;
  }

  /** What the request has to carry, signed with its URL. */
  headersOf(partNumber: number): Readonly<Record<string, string>> {
    return this.#byPart.get(partNumber)?.headers ?? {};
  }

  add(parts: Iterable<SignedPart>, expiresAt: number): void {
    for (const { partNumber, url, alternates = [], headers = {} } of parts) {
      this.#byPart.set(partNumber, { urls: [url, ...alternates], headers, expiresAt });
    }
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
