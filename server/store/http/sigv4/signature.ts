/**
 * Keys, strings to sign and signatures of Signature V4.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** The only algorithm that the store knows. */
export const ALGORITHM = "AWS4-HMAC-SHA256";

/** What a signing key is made for. */
export interface CredentialScope {
  /** `YYYYMMDD`. */
  readonly day: string;
  readonly region: string;
}

/** The scope as it stands in strings to sign. */
export function scopeText(scope: CredentialScope): string {
  return `${scope.day}/${scope.region}/s3/aws4_request`;
}

/** Derives the signing key of one day and region from a secret. */
export function deriveSigningKey(secretAccessKey: string, scope: CredentialScope): Buffer {
  const dayKey = hmac(`AWS4${secretAccessKey}`, scope.day);
  return hmac(hmac(hmac(dayKey, scope.region), "s3"), "aws4_request");
}

/** Finds the signing key of a scope. */
export type SigningKeys = (scope: CredentialScope) => Buffer;

const KEPT_KEYS = 4;

/** Derives signing keys of one secret and keeps the last few: a day has one, midnight two. */
export function createSigningKeys(secretAccessKey: string): SigningKeys {
  const kept = new Map<string, Buffer>();
  return (scope) => {
    const name = scopeText(scope);
    const known = kept.get(name);
    if (known) return known;
    const key = deriveSigningKey(secretAccessKey, scope);
    const [oldest] = kept.keys();
    if (oldest !== undefined && kept.size >= KEPT_KEYS) kept.delete(oldest);
    kept.set(name, key);
    return key;
  };
}

/** The string to sign of a request; `dateTime` as `YYYYMMDDTHHMMSSZ`. */
export function stringToSign(
  dateTime: string,
  scope: CredentialScope,
  canonicalRequest: string,
): string {
  return [ALGORITHM, dateTime, scopeText(scope), sha256Hex(canonicalRequest)].join("\n");
}

/** Signs a string, in lower-case hex. */
export function sign(signingKey: Buffer, text: string): string {
  return hmac(signingKey, text).toString("hex");
}

/** Compares two signatures in a time that does not depend on where they differ. */
export function signaturesMatch(expected: string, given: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** SHA-256 in lower-case hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
