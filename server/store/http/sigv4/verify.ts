/**
 * Verifies Signature V4 in headers and in query strings as S3 does.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
import { MAX_PRESIGN_SECONDS } from "../../../../shared/limits.ts";
import { S3Error, type S3ErrorCode } from "../../s3-error.ts";
import type { HeaderFields } from "../headers.ts";
import { canonicalRequest, type SignedRequest } from "./canonical-request.ts";
import { formatDateTime, parseDateTime } from "./date-time.ts";
import { parsePayloadSigning, type PayloadSigning } from "./payload.ts";
import {
  ALGORITHM,
  type CredentialScope,
  sign,
  signaturesMatch,
  type SigningKeys,
  stringToSign,
} from "./signature.ts";

/** Whose signatures are accepted, and for which region. */
export interface Verifier {
  readonly accessKeyId: string;
  readonly signingKeys: SigningKeys;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A request whose signature holds; what the signatures of its body's pieces build on. */
export interface VerifiedRequest {
  readonly accessKeyId: string;
  readonly payload: PayloadSigning;
  readonly signature: string;
  readonly dateTime: string;
  readonly scope: CredentialScope;
  readonly signingKey: Buffer;
}

/** A signature as it was presented. */
interface Claim {
  readonly accessKeyId: string;
  readonly scope: CredentialScope;
  readonly dateTime: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** As it goes into the canonical request. */
  readonly payloadHash: string;
}

const MAX_SKEW_MS = 15 * 60 * 1000;

/**
 * Verifies the signature of `request`.
 * @throws AccessDenied (unsigned, expired, x-amz-* headers left out of the signature), SignatureDoesNotMatch,
 * InvalidAccessKeyId, AuthorizationHeaderMalformed, AuthorizationQueryParametersError, RequestTimeTooSkewed,
 * MissingSecurityHeader, InvalidRequest (older signatures), InvalidArgument (two signatures at once)
 */
export function verifyRequest(request: SignedRequest, verifier: Verifier): VerifiedRequest {
  refuseTokens(request);
  const claim = readClaim(request, verifier);
  requireSignedHeaders(request.headers, claim.signedHeaders);
  const canonical = canonicalRequest(request, claim.signedHeaders, claim.payloadHash);
  const toSign = stringToSign(claim.dateTime, claim.scope, canonical);
  const signingKey = verifier.signingKeys(claim.scope);
  if (!signaturesMatch(sign(signingKey, toSign), claim.signature)) {
    throw new S3Error("SignatureDoesNotMatch", {
      fields: {
        AWSAccessKeyId: claim.accessKeyId,
        StringToSign: toSign,
        SignatureProvided: claim.signature,
        CanonicalRequest: canonical,
      },
    });
  }
  return {
    accessKeyId: claim.accessKeyId,
    payload: parsePayloadSigning(claim.payloadHash),
    signature: claim.signature,
    dateTime: claim.dateTime,
    scope: claim.scope,
    signingKey,
  };
}

/**
 * Decodes `accessKeyId/day/region/s3/aws4_request` and holds it against the verifier.
 * @throws `code` where it is malformed or names another region, service or day; InvalidAccessKeyId
 */
export function readCredential(
  credential: string,
  day: string,
  verifier: Verifier,
  code: S3ErrorCode,
): { readonly accessKeyId: string; readonly scope: CredentialScope } {
  const malformed = (message: string, fields: Record<string, string> = {}): S3Error =>
    new S3Error(code, { message, fields });
  // An access key ID may itself hold slashes: the scope is counted from the end.
  const parts = credential.split("/");
  const [scopeDay, region, service, terminator] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join("/");
  if (parts.length < 5 || !accessKeyId || scopeDay === undefined || region === undefined) {
    throw malformed("The Credential is malformed; it is KEY/YYYYMMDD/REGION/s3/aws4_request.");
  }
  if (accessKeyId !== verifier.accessKeyId) {
    throw new S3Error("InvalidAccessKeyId", { fields: { AWSAccessKeyId: accessKeyId } });
  }
  if (region !== verifier.region) {
    throw malformed(`The region '${region}' is wrong; expecting '${verifier.region}'`, {
      Region: verifier.region,
    });
  }
  if (service !== "s3") throw malformed(`The service '${service ?? ""}' is wrong; expecting 's3'`);
  if (terminator !== "aws4_request") {
    throw malformed("The Credential must end in 'aws4_request'.");
  }
  if (scopeDay !== day) {
    throw malformed(`The date '${scopeDay}' of the Credential is not the day of the request.`);
  }
  return { accessKeyId, scope: { day: scopeDay, region } };
}

// The store issues no temporary credentials: whatever token comes along is forged.
function refuseTokens({ headers, queryPairs }: SignedRequest): void {
  const inQuery = queryPairs.some(([name]) => name.toLowerCase() === "x-amz-security-token");
  if (inQuery || headers.has("x-amz-security-token")) throw new S3Error("InvalidToken");
}

function readClaim(request: SignedRequest, verifier: Verifier): Claim {
  const authorization = request.headers.get("authorization");
  const query = new Map(request.queryPairs);
  const isPresigned = query.has("X-Amz-Algorithm") || query.has("X-Amz-Signature");
  if (authorization !== undefined && isPresigned) {
    throw new S3Error("InvalidArgument", {
      message: "Only one auth mechanism allowed; use the query string or the Authorization header.",
    });
  }
  if (authorization !== undefined) return headerClaim(authorization, request.headers, verifier);
  if (isPresigned) return queryClaim(query, request.headers, verifier);
  if (query.has("AWSAccessKeyId") || query.has("Signature")) throw unsupportedMechanism();
  throw new S3Error("AccessDenied");
}

function headerClaim(authorization: string, headers: HeaderFields, verifier: Verifier): Claim {
  const fields = parseAuthorization(authorization);
  const dateTime = headerDateTime(headers);
  const code = "AuthorizationHeaderMalformed";
  const credential = readCredential(fields.credential, dateTime.slice(0, 8), verifier, code);
  requireFresh(dateTime, verifier.now());
  const payloadHash = headers.get("x-amz-content-sha256");
  if (payloadHash === undefined) {
    throw new S3Error("MissingSecurityHeader", {
      message: "Missing required header for this request: x-amz-content-sha256",
      fields: { MissingHeaderName: "x-amz-content-sha256" },
    });
  }
  return { ...credential, dateTime, payloadHash, ...fields };
}

function parseAuthorization(authorization: string): {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
} {
  const [algorithm = "", ...rest] = authorization.trim().split(/\s+/);
  if (algorithm !== ALGORITHM) throw unsupportedMechanism();
  const fields = new Map<string, string>();
  for (const field of rest.join("").split(",")) {
    const equals = field.indexOf("=");
    if (equals > 0) fields.set(field.slice(0, equals), field.slice(equals + 1));
  }
  const credential = fields.get("Credential");
  const signedHeaders = fields.get("SignedHeaders");
  const signature = fields.get("Signature");
  if (!credential || !signedHeaders || !signature) {
    throw new S3Error("AuthorizationHeaderMalformed", {
      message: "The authorization header requires Credential, SignedHeaders and Signature.",
    });
  }
  return { credential, signedHeaders: splitSignedHeaders(signedHeaders), signature };
}

function headerDateTime(headers: HeaderFields): string {
  const amzDate = headers.get("x-amz-date");
  if (amzDate !== undefined && parseDateTime(amzDate) !== undefined) return amzDate;
  const date = Date.parse(headers.get("date") ?? "");
  if (amzDate === undefined && !Number.isNaN(date)) {
    return formatDateTime(date);
  }
  throw new S3Error("AccessDenied", {
    message: "AWS authentication requires a valid Date or x-amz-date header",
  });
}

function requireFresh(dateTime: string, nowMs: number): void {
  if (Math.abs((parseDateTime(dateTime) ?? 0) - nowMs) <= MAX_SKEW_MS) return;
  throw new S3Error("RequestTimeTooSkewed", {
    fields: {
      RequestTime: dateTime,
      ServerTime: serverTime(nowMs),
      MaxAllowedSkewMilliseconds: String(MAX_SKEW_MS),
    },
  });
}

function queryClaim(
  query: ReadonlyMap<string, string>,
  headers: HeaderFields,
  verifier: Verifier,
): Claim {
  const code = "AuthorizationQueryParametersError";
  const need = (name: string): string => {
    const value = query.get(name);
    if (value) return value;
    throw new S3Error(code, {
      message:
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, " +
        "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    });
  };
  if (need("X-Amz-Algorithm") !== ALGORITHM) {
    throw new S3Error(code, { message: 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"' });
  }
  const dateTime = need("X-Amz-Date");
  const startMs = parseDateTime(dateTime);
  if (startMs === undefined) {
    throw new S3Error(code, {
      message: "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
    });
  }
  const credential = readCredential(need("X-Amz-Credential"), dateTime.slice(0, 8), verifier, code);
  const signedHeaders = splitSignedHeaders(need("X-Amz-SignedHeaders"));
  const signature = need("X-Amz-Signature");
  requireUnexpired(startMs, need("X-Amz-Expires"), verifier.now());
  const payloadHash =
    query.get("X-Amz-Content-Sha256") ?? headers.get("x-amz-content-sha256") ?? "UNSIGNED-PAYLOAD";
  return { ...credential, dateTime, signedHeaders, signature, payloadHash };
}

function requireUnexpired(startMs: number, expires: string, nowMs: number): void {
  const code = "AuthorizationQueryParametersError";
  if (!/^-?\d+$/.test(expires)) {
    throw new S3Error(code, { message: "X-Amz-Expires should be a number" });
  }
  const seconds = Number(expires);
  if (seconds < 1) throw new S3Error(code, { message: "X-Amz-Expires must be at least 1" });
  if (seconds > MAX_PRESIGN_SECONDS) {
    throw new S3Error(code, {
      message: `X-Amz-Expires must be less than a week (in seconds); that is, at most ${MAX_PRESIGN_SECONDS}`,
    });
  }
  if (startMs - nowMs > MAX_SKEW_MS) {
    throw new S3Error("AccessDenied", { message: "Request is not yet valid" });
  }
  const endMs = startMs + seconds * 1000;
  if (nowMs <= endMs) return;
  throw new S3Error("AccessDenied", {
    message: "Request has expired",
    fields: {
      "X-Amz-Expires": expires,
      Expires: serverTime(endMs),
      ServerTime: serverTime(nowMs),
    },
  });
}

// Whoever holds a presigned URL must not be able to add meaning to it: S3 refuses such headers too.
function requireSignedHeaders(headers: HeaderFields, signedHeaders: readonly string[]): void {
  const signed = new Set(signedHeaders);
  const unsigned = [...headers.keys()].filter(
    (name) => (name === "host" || name.startsWith("x-amz-")) && !signed.has(name),
  );
  if (!signed.has("host") && !unsigned.includes("host")) unsigned.push("host");
  if (unsigned.length === 0) return;
  throw new S3Error("AccessDenied", {
    message: "There were headers present in the request which were not signed",
    fields: { HeadersNotSigned: unsigned.join(", ") },
  });
}

function splitSignedHeaders(list: string): readonly string[] {
  return list.toLowerCase().split(";").filter(Boolean);
}

function unsupportedMechanism(): S3Error {
  return new S3Error("InvalidRequest", {
    message:
      "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
  });
}

const serverTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
