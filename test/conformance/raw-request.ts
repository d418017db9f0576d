/**
 * Requests below the SDK, signed by an implementation of Signature V4 of their own: what is sent is
 * exactly what the test says, faults included.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
import { createHash, createHmac } from "node:crypto";
import { request, type Agent } from "node:http";
import type { Target } from "./target.ts";

/** What is asked; `path` as it goes over the wire, percent-encoded, without the query. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Default: a connection of its own. */
  readonly agent?: Agent;
}

/** What was answered; header names in lower case. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** How a signature departs from an honest one. */
export interface SigningOptions {
  /** Milliseconds since 1970; default now. */
  readonly signedAt?: number;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly region?: string;
  /** Stands in for the hash of the body. */
  readonly payloadHash?: string;
  readonly expiresInSeconds?: number;
}

/** Path of an object, or of its bucket, with each byte encoded that S3 wants encoded. */
export function objectPath(bucket: string, key = ""): string {
  return key === "" ? `/${bucket}` : `/${bucket}/${encode(key).replaceAll("%2F", "/")}`;
}

/** Sends `ask` signed in its headers. */
export function sendSigned(
  target: Target,
  ask: RawRequest,
  options: SigningOptions = {},
): Promise<RawAnswer> {
  return sendUnsigned(target, { ...ask, headers: signedHeaders(target, ask, options) });
}

/** Sends `ask` signed in its query. */
export function sendPresigned(
  target: Target,
  ask: RawRequest,
  options: SigningOptions = {},
): Promise<RawAnswer> {
  return sendUnsigned(target, { ...ask, query: presignedQuery(target, ask, options) });
}

/** Sends `ask` as it is. */
export function sendUnsigned(target: Target, ask: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(target.endpoint);
  const path = ask.path + (ask.query ? `?${canonicalQuery(ask.query)}` : "");
  const body = Buffer.from(ask.body ?? "");
  const headers = {
    ...(hasLength(ask) && { "content-length": String(body.length) }),
    ...ask.headers,
  };
  return new Promise((resolve, reject) => {
    const options = {
      hostname,
      port,
      path,
      method: ask.method,
      headers,
      agent: ask.agent ?? (false as const),
    };
    const sent = request(options, (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece: Buffer) => pieces.push(piece));
      answer.on("error", reject);
      answer.on("end", () => {
        const fields = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
        resolve({
          status: answer.statusCode ?? 0,
          headers: Object.fromEntries(fields),
          body: Buffer.concat(pieces),
        });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function hasLength({ method, headers = {}, body = "" }: RawRequest): boolean {
  if ("transfer-encoding" in headers) return false;
  return body.length > 0 || method === "PUT" || method === "POST";
}

/** Header fields of `ask` with those of its signature; all of them are signed. */
export function signedHeaders(
  target: Target,
  ask: RawRequest,
  options: SigningOptions = {},
): Record<string, string> {
  const { timestamp, scope, signer } = signing(target, options);
  const payloadHash = options.payloadHash ?? sha256(ask.body ?? "");
  const headers: Record<string, string> = {
    ...ask.headers,
    host: new URL(target.endpoint).host,
    "x-amz-content-sha256": payloadHash,
    "x-amz-date": timestamp,
  };
  const names = signedNames(headers);
  const signature = signer(canonicalRequest({ ...ask, headers }, payloadHash));
  const credential = `${options.accessKeyId ?? target.accessKeyId}/${scope}`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...headers, authorization };
}

/** Query of `ask` with the fields of its signature; header fields of `ask` are signed with it. */
export function presignedQuery(
  target: Target,
  ask: RawRequest,
  options: SigningOptions = {},
): Record<string, string> {
  const { timestamp, scope, signer } = signing(target, options);
  const headers = { ...ask.headers, host: new URL(target.endpoint).host };
  const query = {
    ...ask.query,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${options.accessKeyId ?? target.accessKeyId}/${scope}`,
    "X-Amz-Date": timestamp,
    "X-Amz-Expires": String(options.expiresInSeconds ?? 300),
    "X-Amz-SignedHeaders": signedNames(headers),
  };
  const canonical = canonicalRequest({ ...ask, query, headers }, "UNSIGNED-PAYLOAD");
  return { ...query, "X-Amz-Signature": signer(canonical) };
}

/** Time and scope of a signature, and the key that signs text as Signature V4 does. */
export function signingKey(target: Target, options: SigningOptions = {}) {
  const timestamp = new Date(options.signedAt ?? Date.now())
    .toISOString()
    .replaceAll(/[-:]|\.\d+/g, "");
  const date = timestamp.slice(0, 8);
  const region = options.region ?? target.region;
  const secret = `AWS4${options.secretAccessKey ?? target.secretAccessKey}`;
  const key = [date, region, "s3", "aws4_request"].reduce<string | Buffer>(hmac, secret);
  const scope = `${date}/${region}/s3/aws4_request`;
  return { timestamp, scope, sign: (text: string) => hmac(key, text).toString("hex") };
}

/** Lower-case hex of SHA-256. */
export function sha256(body: string | Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}

function signing(target: Target, options: SigningOptions) {
  const { timestamp, scope, sign } = signingKey(target, options);
  const signer = (canonical: string) =>
    sign(["AWS4-HMAC-SHA256", timestamp, scope, sha256(canonical)].join("\n"));
  return { timestamp, scope, signer };
}

function canonicalRequest(ask: RawRequest, payloadHash: string): string {
  const headers = Object.entries(ask.headers ?? {}).map(
    ([name, value]) => `${name.toLowerCase()}:${value.trim().replaceAll(/ +/g, " ")}\n`,
  );
  const query = canonicalQuery(ask.query ?? {});
  const names = signedNames(ask.headers ?? {});
  return [ask.method, ask.path, query, headers.toSorted().join(""), names, payloadHash].join("\n");
}

function signedNames(headers: Readonly<Record<string, string>>): string {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  return names.toSorted().join(";");
}

// By name: `select` comes before `select-type`, though `-` sorts before `=`.
function canonicalQuery(query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(
    ([name, value]) => [encode(name), encode(value)] as const,
  );
  const sorted = pairs.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([name, value]) => `${name}=${value}`).join("&");
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
