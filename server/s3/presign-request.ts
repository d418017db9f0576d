import { S3RequestPresigner } from "@aws-sdk/s3-request-presigner";
import type { BucketAddress } from "./bucket-address.ts";
import { originOf } from "./bucket-address.ts";
import { escapeKey, escapeUri, Sha256, type SigningMoment } from "./signature-v4.ts";

/** Parameters of a URL. */
export type Query = Record<string, string>;

/** A request that a browser will send. */
export interface RequestToSign {
  readonly method: "GET" | "PUT";
  readonly key: string;
  readonly query: Query;
  /** The request has to carry exactly these of `Content-Type` and `x-amz-*`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A signed request: its path is escaped, its query is not. */
export interface SignedRequest {
  readonly path: string;
  readonly query: Query;
}

/**
 * Signs one request by the SDK's presigner.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export async function presignRequest(
  { credentials, region, expiresInSeconds, signingDate }: SigningMoment,
  address: BucketAddress,
  { method, key, query, headers }: RequestToSign,
): Promise<SignedRequest> {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const signer = new S3RequestPresigner({ region, credentials, sha256: Sha256 });
  const signed = await signer.presign(
    {
      method,
      protocol: address.protocol,
      hostname: address.hostname,
      ...(address.port === undefined ? {} : { port: address.port }),
      path: address.pathPrefix + escapeKey(key),
      query: { ...query },
      headers: { ...headers },
    },
    {
      expiresIn: expiresInSeconds,
      signingDate,
      // Without these two the library leaves Content-Type unsigned and moves x-amz-* into the query,
      // and servers that refuse unsigned headers (Ceph RGW 20) would refuse the request.
      signableHeaders: new Set(["host", ...names]),
      unhoistableHeaders: new Set(names),
    },
  );
  const signedQuery: Query = {};
  for (const [name, value] of Object.entries(signed.query ?? {})) {
    if (typeof value === "string") signedQuery[name] = value;
  }
  return { path: signed.path, query: signedQuery };
}

/** The URL of a signed request. */
export function toUrl(address: BucketAddress, { path, query }: SignedRequest): string {
  return `${originOf(address)}${path}?${sortedPairs(query).join("&")}`;
}

/** `name=value`, escaped and sorted by name as Signature V4 wants it. */
export function sortedPairs(query: Query): string[] {
  return Object.keys(query)
    .toSorted()
    .map((name) => `${escapeUri(name)}=${escapeUri(query[name] ?? "")}`);
}
