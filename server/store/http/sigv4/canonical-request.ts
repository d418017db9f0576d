/**
 * Signature V4's canonical request with S3's rules: the path is encoded once and never normalised.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
import type { HeaderFields } from "../headers.ts";
import { percentEncode, percentEncodePath } from "../percent-encoding.ts";

/** The parts of a request that a signature covers. */
export interface SignedRequest {
  readonly method: string;
  /** Decoded, with its leading slash. */
  readonly path: string;
  /** Decoded. */
  readonly queryPairs: readonly (readonly [name: string, value: string])[];
  readonly headers: HeaderFields;
}

/** Query pairs encoded and sorted by their encoded bytes, the signature itself left out. */
function canonicalQuery(pairs: SignedRequest["queryPairs"]): string {
  return pairs
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .toSorted(([nameA, valueA], [nameB, valueB]) =>
      nameA === nameB ? compare(valueA, valueB) : compare(nameA, nameB),
    )
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** Builds the canonical request; `signedHeaders` are lower-case names in the order of the signer. */
export function canonicalRequest(
  request: SignedRequest,
  signedHeaders: readonly string[],
  payloadHash: string,
): string {
  const headerLines = signedHeaders.map(
    (name) => `${name}:${trimAll(request.headers.get(name) ?? "")}\n`,
  );
  return [
    request.method,
    percentEncodePath(request.path),
    canonicalQuery(request.queryPairs),
    headerLines.join(""),
    signedHeaders.join(";"),
    payloadHash,
  ].join("\n");
}

const trimAll = (value: string): string => value.trim().replace(/ {2,}/g, " ");

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
