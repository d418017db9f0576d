/** What a client says about an object beside its bytes, in header fields. */
import type { ObjectAttributes, ObjectHeaders, ObjectInfo } from "../engine.ts";
import { S3Error } from "../s3-error.ts";
import { fieldValue, type HeaderFields } from "./headers.ts";
import { parseTaggingHeader } from "./xml/tagging.ts";

const KEPT_HEADERS = {
  contentType: "content-type",
  cacheControl: "cache-control",
  contentDisposition: "content-disposition",
  contentEncoding: "content-encoding",
  contentLanguage: "content-language",
  expires: "expires",
  websiteRedirectLocation: "x-amz-website-redirect-location",
} as const satisfies Record<keyof ObjectHeaders, string>;

const METADATA_PREFIX = "x-amz-meta-";
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

// What would be ignored silently although the client counts on it: S3 has it, this store has not.
const UNSUPPORTED = [
  "x-amz-server-side-encryption",
  "x-amz-server-side-encryption-customer-algorithm",
  "x-amz-copy-source-server-side-encryption-customer-algorithm",
  "x-amz-object-lock-mode",
  "x-amz-object-lock-retain-until-date",
  "x-amz-object-lock-legal-hold",
  "x-amz-grant-full-control",
  "x-amz-grant-read",
  "x-amz-grant-read-acp",
  "x-amz-grant-write-acp",
  "x-amz-write-offset-bytes",
];
const PRIVATE_ACLS = new Set(["private", "bucket-owner-read", "bucket-owner-full-control"]);

/**
 * Decodes the attributes of a new object.
 * @throws InvalidArgument for names that are no header names, NotImplemented for what the store cannot keep
 */
export function parseAttributes(headers: HeaderFields): ObjectAttributes {
  refuseUnsupported(headers);
  const storageClass = headers.get("x-amz-storage-class");
  const tagging = headers.get("x-amz-tagging");
  return {
    headers: parseObjectHeaders(headers),
    metadata: parseMetadata(headers),
    ...(storageClass !== undefined && { storageClass }),
    ...(tagging !== undefined && { tags: parseTaggingHeader(tagging) }),
  };
}

/** The fields that are kept with an object and played back. */
export function parseObjectHeaders(headers: HeaderFields): ObjectHeaders {
  const contentEncoding = storedEncoding(headers.get("content-encoding"));
  const kept = Object.entries(KEPT_HEADERS).map(([property, name]) => [
    property,
    property === "contentEncoding" ? contentEncoding : headers.get(name),
  ]);
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined));
}

/** User metadata by name. @throws InvalidArgument for a name that is no header name */
export function parseMetadata(headers: HeaderFields): Record<string, string> {
  const metadata = [...headers].filter(([name]) => name.startsWith(METADATA_PREFIX));
  const invalid = metadata.find(([name]) => !TOKEN.test(name));
  if (invalid) throw new S3Error("InvalidArgument", { fields: { ArgumentName: invalid[0] } });
  return Object.fromEntries(
    metadata.map(([name, value]) => [name.slice(METADATA_PREFIX.length), value]),
  );
}

/** @throws NotImplemented for encryption, locks and grants, which the store cannot keep */
export function refuseUnsupported(headers: HeaderFields): void {
  const acl = headers.get("x-amz-acl");
  const header =
    acl !== undefined && !PRIVATE_ACLS.has(acl)
      ? "x-amz-acl"
      : UNSUPPORTED.find((name) => headers.has(name));
  if (header !== undefined) throw new S3Error("NotImplemented", { fields: { Header: header } });
}

/** Header fields that play back what is kept with an object. */
export function attributeFields(info: ObjectInfo): Record<string, string> {
  const { headers } = info;
  const kept = Object.entries({ ...headers, contentType: headers.contentType ?? DEFAULT_TYPE });
  const tagCount = Object.keys(info.tags).length;
  return {
    ...Object.fromEntries(
      kept.map(([property, value]) => [fieldName(property), fieldValue(value)]),
    ),
    ...Object.fromEntries(
      Object.entries(info.metadata).map(([name, value]) => [
        METADATA_PREFIX + name,
        metadataValue(value),
      ]),
    ),
    ...(info.storageClass !== "STANDARD" && { "x-amz-storage-class": info.storageClass }),
    ...(tagCount > 0 && { "x-amz-tagging-count": String(tagCount) }),
    ...expirationField(info),
    ...restoreField(info),
  };
}

/** `x-amz-expiration` where a lifecycle rule will delete the object. */
export function expirationField(info: ObjectInfo): Record<string, string> {
  if (!info.expiration) return {};
  const date = new Date(info.expiration.at).toUTCString();
  const ruleId = encodeURIComponent(info.expiration.ruleId);
  return { "x-amz-expiration": `expiry-date="${date}", rule-id="${ruleId}"` };
}

/** `x-amz-restore` of an archived object that is restored, or being restored. */
function restoreField({ restore }: ObjectInfo): Record<string, string> {
  if (!restore) return {};
  if (restore.isOngoing) return { "x-amz-restore": 'ongoing-request="true"' };
  const date = new Date(restore.expiresAt).toUTCString();
  return { "x-amz-restore": `ongoing-request="false", expiry-date="${date}"` };
}

const DEFAULT_TYPE = "binary/octet-stream";

function fieldName(property: string): string {
  return Object.entries(KEPT_HEADERS).find(([kept]) => kept === property)?.[1] ?? property;
}

// As S3 does with what is not printable ASCII: RFC 2047.
function metadataValue(value: string): string {
  if (/^[\x20-\x7e]*$/.test(value)) return value;
  return `=?UTF-8?B?${Buffer.from(value).toString("base64")}?=`;
}

// `aws-chunked` frames the request; it is no property of the object.
function storedEncoding(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const encodings = header.split(",").map((encoding) => encoding.trim());
  return (
    encodings.filter((encoding) => encoding !== "" && encoding !== "aws-chunked").join(",") ||
    undefined
  );
}
