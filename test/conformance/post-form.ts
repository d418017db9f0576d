import { signingKey, type RawAnswer, sendUnsigned } from "./raw-request.ts";
import type { Target } from "./target.ts";

/** A condition of a POST policy. */
export type PolicyCondition =
  | Readonly<Record<string, string>>
  | readonly ["eq" | "starts-with", string, string]
  | readonly ["content-length-range", number, number];

/** A form as a browser posts it. */
export interface PostForm {
  readonly bucket: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly file: string | Uint8Array;
  /** Beside those on bucket and signature, which are always there. */
  readonly conditions: readonly PolicyCondition[];
  /** From now, in seconds; negative: expired; default 60. */
  readonly expiresInSeconds?: number;
  readonly secretAccessKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Fields that are added once the policy is signed. */
  readonly unsignedFields?: Readonly<Record<string, string>>;
}

const BOUNDARY = "----conformance-boundary";

/**
 * Posts `form` with a signed policy.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export function postForm(target: Target, form: PostForm): Promise<RawAnswer> {
  const fields = { ...form.fields, ...signedFields(target, form), ...form.unsignedFields };
  return sendForm(target, form, fields);
}

/** Posts the fields as they are, the file last. */
export function sendForm(
  target: Target,
  { bucket, file, headers }: Pick<PostForm, "bucket" | "file" | "headers">,
  fields: Readonly<Record<string, string>>,
): Promise<RawAnswer> {
  const parts = Object.entries(fields).map(
    ([name, value]) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const disposition = 'Content-Disposition: form-data; name="file"; filename="local name.txt"';
  const body = Buffer.concat([
    Buffer.from(`${parts.join("")}--${BOUNDARY}\r\n${disposition}\r\n`),
    Buffer.from("Content-Type: application/octet-stream\r\n\r\n"),
    Buffer.from(file),
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
  return sendUnsigned(target, {
    method: "POST",
    path: `/${bucket}`,
    headers: { "content-type": `multipart/form-data; boundary=${BOUNDARY}`, ...headers },
    body,
  });
}

function signedFields(target: Target, form: PostForm): Record<string, string> {
  const options = form.secretAccessKey ? { secretAccessKey: form.secretAccessKey } : {};
  const { timestamp, scope, sign } = signingKey(target, options);
  const signing = {
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": `${target.accessKeyId}/${scope}`,
    "x-amz-date": timestamp,
  };
  const expiration = new Date(Date.now() + (form.expiresInSeconds ?? 60) * 1000).toISOString();
  const document = {
    expiration,
    conditions: [
      { bucket: form.bucket },
      ...Object.entries(signing).map(([name, value]) => ({ [name]: value })),
      ...form.conditions,
    ],
  };
  const policy = Buffer.from(JSON.stringify(document)).toString("base64");
  return { ...signing, policy, "x-amz-signature": sign(policy) };
}
