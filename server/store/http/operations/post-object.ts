/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html */
import { MAX_KEY_BYTES, MAX_SINGLE_PUT_BYTES } from "../../../../shared/limits.ts";
import type { Body, ObjectInfo } from "../../engine.ts";
import { S3Error } from "../../s3-error.ts";
import type { S3Answer } from "../answer.ts";
import { checksumFields, declaredChecksum } from "../checksum-headers.ts";
import { writeConditions } from "../conditional.ts";
import { type FormUpload, readFormUpload } from "../form-upload.ts";
import type { HeaderFields } from "../headers.ts";
import { parseAttributes } from "../object-attributes.ts";
import { percentEncodePath } from "../percent-encoding.ts";
import { applyPostPolicy, type LengthRange, parsePostPolicy } from "../post-policy.ts";
import { sign, signaturesMatch } from "../sigv4/signature.ts";
import { readCredential, type Verifier } from "../sigv4/verify.ts";
import { parseTagging } from "../xml/tagging.ts";
import { writePlainXml } from "../xml/write.ts";
import type { OperationContext } from "./context.ts";

/** A form that a browser posts to a bucket; its signature stands in its fields. */
export interface FormRequest {
  readonly bucket: string;
  readonly headers: HeaderFields;
  readonly body: Body;
  readonly signal: AbortSignal;
}

/**
 * Stores the file of a form, as its policy allows. A condition is a header as PutObject has it, or a
 * field of that name: a browser never caches the preflight of a request with a conditional header.
 * @throws AccessDenied, EntityTooSmall, EntityTooLarge, PreconditionFailed and those of forms
 */
export async function postObject(
  request: FormRequest,
  { engine }: OperationContext,
  verifier: Verifier,
): Promise<S3Answer> {
  const contentType = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    throw new S3Error("PreconditionFailed", {
      message: "Bucket POST must be of the enclosure-type multipart/form-data",
    });
  }
  const form = await readFormUpload(contentType, request.body);
  const key = keyOf(form);
  const fields = new Map(form.fields).set("bucket", request.bucket).set("key", key);
  const conditions = writeConditions(fields.has("if-none-match") ? fields : request.headers);
  const bounds = authorise(fields, form.fields, verifier);
  const declared = declaredChecksum(fields);
  const contentMd5 = fields.get("content-md5");
  const info = await engine.objects.put(request.bucket, key, bounded(form.file, bounds), {
    attributes: attributesOf(fields),
    conditions,
    signal: request.signal,
    ...(contentMd5 !== undefined && { contentMd5 }),
    ...(declared?.kind === "header" && {
      checksum: { algorithm: declared.algorithm, expected: declared.value },
    }),
  });
  return answer(request, fields, info);
}

function keyOf({ fields, fileName }: FormUpload): string {
  const template = fields.get("key");
  if (!template) {
    throw new S3Error("InvalidArgument", {
      message:
        "Bucket POST must contain a field named 'key'. If it is specified, please check the order of the fields.",
      fields: { ArgumentName: "key", ArgumentValue: "" },
    });
  }
  const key = template.replaceAll("${filename}", () => fileName);
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new S3Error("KeyTooLongError");
  return key;
}

function authorise(
  fields: ReadonlyMap<string, string>,
  given: ReadonlyMap<string, string>,
  verifier: Verifier,
): LengthRange {
  const policyText = given.get("policy");
  if (policyText === undefined) throw new S3Error("AccessDenied");
  const need = (name: string): string => {
    const value = given.get(name);
    if (value !== undefined) return value;
    throw new S3Error("InvalidArgument", {
      message: `Bucket POST must contain a field named '${name}'.`,
      fields: { ArgumentName: name, ArgumentValue: "" },
    });
  };
  if (need("x-amz-algorithm") !== "AWS4-HMAC-SHA256") throw new S3Error("InvalidRequest");
  const day = need("x-amz-date").slice(0, 8);
  const credential = readCredential(need("x-amz-credential"), day, verifier, "InvalidArgument");
  const signature = need("x-amz-signature");
  if (!signaturesMatch(sign(verifier.signingKeys(credential.scope), policyText), signature)) {
    throw new S3Error("SignatureDoesNotMatch", {
      fields: {
        AWSAccessKeyId: credential.accessKeyId,
        StringToSign: policyText,
        SignatureProvided: signature,
      },
    });
  }
  return applyPostPolicy(parsePostPolicy(policyText), fields, verifier.now());
}

function attributesOf(fields: ReadonlyMap<string, string>) {
  const acl = fields.get("acl");
  const tagging = fields.get("tagging");
  return {
    ...parseAttributes(acl === undefined ? fields : new Map(fields).set("x-amz-acl", acl)),
    ...(tagging !== undefined && { tags: parseTagging(tagging) }),
  };
}

async function* bounded(
  file: Body,
  { min, max }: LengthRange,
): AsyncGenerator<Uint8Array, void, undefined> {
  const largest = Math.min(max, MAX_SINGLE_PUT_BYTES);
  let sizeBytes = 0;
  for await (const bytes of file) {
    sizeBytes += bytes.length;
    if (sizeBytes > largest) {
      throw new S3Error("EntityTooLarge", {
        fields: { ProposedSize: String(sizeBytes), MaxSizeAllowed: String(largest) },
      });
    }
    yield bytes;
  }
  if (sizeBytes < min) {
    throw new S3Error("EntityTooSmall", {
      fields: { ProposedSize: String(sizeBytes), MinSizeAllowed: String(min) },
    });
  }
}

function answer(
  { bucket, headers: request }: FormRequest,
  fields: ReadonlyMap<string, string>,
  info: ObjectInfo,
): S3Answer {
  const etag = `"${info.etag}"`;
  const redirect = redirectUrl(fields.get("success_action_redirect") ?? fields.get("redirect"));
  if (redirect) {
    redirect.searchParams.set("bucket", bucket);
    redirect.searchParams.set("key", info.key);
    redirect.searchParams.set("etag", etag);
    return { status: 303, headers: { Location: redirect.href, ETag: etag } };
  }
  const location = `http://${request.get("host") ?? ""}/${bucket}/${percentEncodePath(info.key)}`;
  const headers = { ETag: etag, Location: location, ...checksumFields(info.checksum) };
  const status = fields.get("success_action_status");
  if (status === "200") return { status: 200, headers };
  if (status !== "201") return { status: 204, headers };
  return {
    status: 201,
    headers: { ...headers, "Content-Type": "application/xml" },
    body: writePlainXml("PostResponse", [
      ["Location", location],
      ["Bucket", bucket],
      ["Key", info.key],
      ["ETag", etag],
    ]),
  };
}

function redirectUrl(text: string | undefined): URL | undefined {
  if (text === undefined || !/^https?:/i.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text);
}
