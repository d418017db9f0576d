import { createHash, createHmac } from "node:crypto";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl, S3RequestPresigner } from "@aws-sdk/s3-request-presigner";
import type { SignedPart } from "../../shared/api.ts";
import type { UploadAddress } from "./gateway.ts";

/** URLs live at most this long, in seconds: a leaked one should not work for long. */
const MAX_URL_SECONDS = 60 * 60;

/** A URL and when it ends. */
export interface SignedUrl {
  readonly url: string;
  readonly expiresAt: Date;
}

/** Signs requests that a browser will send; pure arithmetic but for the credentials. */
export interface Presigner {
  /** One window of a multipart upload, in the order asked for. */
  signParts(
    upload: UploadAddress,
    partNumbers: readonly number[],
  ): Promise<{ parts: SignedPart[]; expiresAt: Date }>;
  /**
   * @param headers the request has to carry exactly these of `Content-Type` and `x-amz-*`
   * @param sizeBytes the storage refuses a body of another length
   */
  signPut(
    key: string,
    headers: Readonly<Record<string, string>>,
    sizeBytes: number,
  ): Promise<SignedUrl>;
  /** @param query such as `response-content-disposition` */
  signGet(key: string, query: Readonly<Record<string, string>>): Promise<SignedUrl>;
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Where the bucket's objects are, as this client addresses them. */
interface BucketAddress {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number | undefined;
  /** In front of the key: `/` or `/bucket/`. */
  readonly pathPrefix: string;
}

/** What all URLs signed at one moment share. */
interface Moment {
  readonly address: BucketAddress;
  readonly region: string;
  readonly credentials: Credentials;
  readonly expiresIn: number;
  readonly expiresAt: Date;
  readonly signingDate: Date;
}

type Query = Record<string, string>;

/**
 * Signs for the origin that `client` speaks to (it sends nothing).
 * @param skewMs the storage's clock minus ours: URLs are judged by its clock, and those that they
 * are answered to know ours
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function createPresigner(
  client: S3Client,
  bucket: string,
  now: () => Date = () => new Date(),
  skewMs: () => number = () => 0,
): Presigner {
  let address: Promise<BucketAddress> | undefined;
  const moment = async (): Promise<Moment> => {
    address ??= findAddress(client, bucket);
    const credentials = await client.config.credentials();
    const nowMs = now().getTime();
    const signingDate = new Date(nowMs + skewMs());
    const expiresIn = lifeSeconds(credentials, signingDate);
    return {
      address: await address,
      region: await client.config.region(),
      credentials,
      expiresIn,
      expiresAt: new Date(Math.floor(nowMs / 1000 + expiresIn) * 1000),
      signingDate,
    };
  };
  return {
    signParts: async (upload, partNumbers) => signWindow(await moment(), upload, partNumbers),
    signPut: async (key, headers, sizeBytes) => {
      const signed = { ...headers, "content-length": String(sizeBytes) };
      return signOne(await moment(), "PUT", key, { "x-id": "PutObject" }, signed);
    },
    signGet: async (key, query) =>
      signOne(await moment(), "GET", key, { ...query, "x-id": "GetObject" }, {}),
  };
}

/** A URL must not outlive the temporary credentials that signed it. */
function lifeSeconds(credentials: Credentials, now: Date): number {
  const { expiration } = credentials;
  if (expiration === undefined) return MAX_URL_SECONDS;
  const left = Math.floor((expiration.getTime() - now.getTime()) / 1000);
  return Math.max(1, Math.min(MAX_URL_SECONDS, left));
}

/** The SDK knows partitions, addressing styles and endpoint rules: it is asked once, with a key of one letter. */
async function findAddress(client: S3Client, bucket: string): Promise<BucketAddress> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: "k" });
  const url = new URL(await getSignedUrl(client, command));
  return {
    protocol: url.protocol,
    hostname: url.hostname,
    port: url.port === "" ? undefined : Number(url.port),
    pathPrefix: url.pathname.slice(0, -1),
  };
}

async function signOne(
  moment: Moment,
  method: string,
  key: string,
  query: Query,
  headers: Readonly<Record<string, string>>,
): Promise<SignedUrl> {
  const signed = await presign(moment, method, key, query, headers);
  return { url: toUrl(moment.address, signed.path, signed.query), expiresAt: moment.expiresAt };
}

async function presign(
  moment: Moment,
  method: string,
  key: string,
  query: Query,
  headers: Readonly<Record<string, string>>,
) {
  const { address, credentials, region, expiresIn, signingDate } = moment;
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
      expiresIn,
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

/**
 * Signs many parts of one upload. The library prepares and signs the first; all others differ from it
 * in the part number alone, so that only the last two steps of Signature V4 are repeated for them,
 * which is what makes windows of thousands cheap.
 */
async function signWindow(
  moment: Moment,
  upload: UploadAddress,
  partNumbers: readonly number[],
): Promise<{ parts: SignedPart[]; expiresAt: Date }> {
  const { key, uploadId } = upload;
  const query = (partNumber: number): Query => ({
    partNumber: String(partNumber),
    uploadId,
    "x-id": "UploadPart",
  });
  const first = await presign(moment, "PUT", key, query(partNumbers[0] ?? 1), {});
  const sign = partSigner(moment, first);
  const parts = partNumbers.map((partNumber) => ({ partNumber, url: sign(partNumber) }));
  return { parts, expiresAt: moment.expiresAt };
}

/** Signs the request `first` with other part numbers. */
function partSigner(moment: Moment, first: { path: string; query: Query }) {
  const { address, credentials, region, signingDate } = moment;
  const { "X-Amz-Signature": _, partNumber: __, ...rest } = first.query;
  const pairs = sortedPairs(rest);
  // Signature V4 sorts the query by name; the library's URLs are sorted as well.
  const toPart = pairs.filter((pair) => pair < "partNumber").join("&");
  const fromPart = pairs.filter((pair) => pair > "partNumber").join("&");
  const toSignature = pairs.filter((pair) => pair < "X-Amz-Signature").join("&");
  const fromSignature = toPart.slice(toSignature.length + 1);
  const date = signingDate.toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = [date.slice(0, 8), region, "s3", "aws4_request"];
  const signingKey = scope.reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  const stringToSign = `AWS4-HMAC-SHA256\n${date}\n${scope.join("/")}\n`;
  const host = hostOf(address);
  const url = `${address.protocol}//${host}${first.path}?${toSignature}&X-Amz-Signature=`;
  return (partNumber: number): string => {
    const query = `${toPart}&partNumber=${partNumber}&${fromPart}`;
    const canonical = `PUT\n${first.path}\n${query}\nhost:${host}\n\nhost\nUNSIGNED-PAYLOAD`;
    const hash = createHash("sha256").update(canonical).digest("hex");
    const signature = createHmac("sha256", signingKey)
      .update(stringToSign + hash)
      .digest("hex");
    return `${url}${signature}&${fromSignature}&partNumber=${partNumber}&${fromPart}`;
  };
}

function sortedPairs(query: Query): string[] {
  return Object.keys(query)
    .toSorted()
    .map((name) => `${escapeUri(name)}=${escapeUri(query[name] ?? "")}`);
}

function toUrl(address: BucketAddress, path: string, query: Query): string {
  return `${address.protocol}//${hostOf(address)}${path}?${sortedPairs(query).join("&")}`;
}

function hostOf({ hostname, port }: BucketAddress): string {
  return port === undefined ? hostname : `${hostname}:${port}`;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function escapeKey(key: string): string {
  return key.split("/").map(escapeUri).join("/");
}

/** RFC 3986's unreserved characters stay. */
function escapeUri(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The hash that the presigner asks for, over node:crypto. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined ? createHash("sha256") : createHmac("sha256", toBytes(secret));
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error("A Sha256 is used once.");
  }
}

function toBytes(secret: string | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof secret === "string") return secret;
  if (secret instanceof ArrayBuffer) return new Uint8Array(secret);
  return new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength);
}
