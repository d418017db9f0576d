/**
 * Pieces of Signature V4 that the SDK's presigner repeats for every URL.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
import { createHash, createHmac } from "node:crypto";

/** What signs. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** What all that is signed at one moment shares. */
export interface SigningMoment {
  readonly region: string;
  readonly credentials: Credentials;
  readonly expiresInSeconds: number;
  /** By our clock. */
  readonly expiresAt: Date;
  /** By the storage's clock. */
  readonly signingDate: Date;
}

/** Signs with the key of one moment. */
export interface Signer {
  /** Such as `20261123T120000Z`. */
  readonly timestamp: string;
  /** Such as `20261123/us-east-1/s3/aws4_request`. */
  readonly scope: string;
  /** The signature of a text, in hexadecimal. */
  sign(text: string): string;
}

/** Derives the key of a moment once, for many signatures. */
export function createSigner({ region, credentials, signingDate }: SigningMoment): Signer {
  const timestamp = signingDate.toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = [timestamp.slice(0, 8), region, "s3", "aws4_request"];
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  return {
    timestamp,
    scope: scope.join("/"),
    sign: (text) => createHmac("sha256", key).update(text).digest("hex"),
  };
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/** SHA-256 in hexadecimal. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Percent-encodes all but RFC 3986's unreserved characters. */
export function escapeUri(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A key as it stands in a path. */
export function escapeKey(key: string): string {
  return key.split("/").map(escapeUri).join("/");
}

/** The hash that the SDK's presigner asks for, over node:crypto. */
export class Sha256 {
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
