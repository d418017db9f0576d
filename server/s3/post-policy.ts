/**
 * Forms that a browser posts to a bucket, under a signed policy.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-signature.html
 */
import type { Signer, SigningMoment } from "./signature-v4.ts";

/** One object that a form will make. */
export interface FormToSign {
  readonly key: string;
  /** Beside key and signature, exactly these: `Content-Type`, `x-amz-meta-…` and so on. */
  readonly fields: Readonly<Record<string, string>>;
  /** The storage refuses a file of another length. */
  readonly sizeBytes: number;
  /** A field that may be added with any value. */
  readonly checksumField?: string | undefined;
}

/** The fields of the form, signed; the file comes after them. */
export function signForm(
  { expiresInSeconds, credentials, signingDate }: SigningMoment,
  { timestamp, scope, sign }: Signer,
  bucket: string,
  { key, fields, sizeBytes, checksumField }: FormToSign,
): Record<string, string> {
  const { accessKeyId, sessionToken } = credentials;
  const named: Record<string, string> = {
    key,
    ...fields,
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": `${accessKeyId}/${scope}`,
    "x-amz-date": timestamp,
    ...(sessionToken === undefined ? {} : { "x-amz-security-token": sessionToken }),
  };
  const document = {
    expiration: new Date(signingDate.getTime() + expiresInSeconds * 1000).toISOString(),
    conditions: [
      { bucket },
      ...Object.entries(named).map(([name, value]) => ({ [name]: value })),
      ["content-length-range", sizeBytes, sizeBytes],
      ...(checksumField === undefined ? [] : [["starts-with", `$${checksumField}`, ""]]),
    ],
  };
  const policy = Buffer.from(JSON.stringify(document)).toString("base64");
  return { ...named, policy, "x-amz-signature": sign(policy) };
}
