import { createHash, createHmac } from "node:crypto";

/** Where URLs lead and who signs them. */
export interface SigningPlace {
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Signs for the hand-made loops: by Signature V4 itself, so that signing costs the ceiling nothing. */
export interface LoopSigner {
  /** A presigned PUT at `origin`. */
  put(origin: string, key: string, query?: Readonly<Record<string, string>>): string;
  /** Fields of a presigned POST of exactly `key`. */
  form(key: string): Record<string, string>;
}

const EXPIRES_SECONDS = 3600;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
export function createLoopSigner(place: SigningPlace, now: () => Date): LoopSigner {
  const { bucket, region, accessKeyId, secretAccessKey } = place;
  const moment = () => {
    const timestamp = now()
      .toISOString()
      .replace(/[-:]|\.\d+/g, "");
    const scope = [timestamp.slice(0, 8), region, "s3", "aws4_request"];
    const signingKey = scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
    return { timestamp, scope: scope.join("/"), signingKey };
  };
  return {
    put(origin, key, query = {}) {
      const { timestamp, scope, signingKey } = moment();
      const path = `/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
      const all = {
        ...query,
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD",
        "X-Amz-Credential": `${accessKeyId}/${scope}`,
        "X-Amz-Date": timestamp,
        "X-Amz-Expires": String(EXPIRES_SECONDS),
        "X-Amz-SignedHeaders": "host",
      };
      const pairs = Object.entries(all)
        .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
        .toSorted()
        .join("&");
      const { host } = new URL(origin);
      const canonical = `PUT\n${path}\n${pairs}\nhost:${host}\n\nhost\nUNSIGNED-PAYLOAD`;
      const hash = createHash("sha256").update(canonical).digest("hex");
      const toSign = `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${hash}`;
      return `${origin}${path}?${pairs}&X-Amz-Signature=${hmac(signingKey, toSign).toString("hex")}`;
    },
    form(key) {
      const { timestamp, scope, signingKey } = moment();
      const fields = {
        key,
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": `${accessKeyId}/${scope}`,
        "x-amz-date": timestamp,
      };
      const expiration = new Date(now().getTime() + EXPIRES_SECONDS * 1000).toISOString();
      const conditions = [
        { bucket },
        ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
      ];
      const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString("base64");
      return { ...fields, policy, "x-amz-signature": hmac(signingKey, policy).toString("hex") };
    },
  };
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
