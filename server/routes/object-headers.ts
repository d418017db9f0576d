import type { CreateUploadsRequest, FileToUpload } from "../../shared/api.ts";
import { MAX_METADATA_BYTES } from "../../shared/limits.ts";
import { utf8Length } from "../../shared/object-key.ts";
import { ProblemError } from "../../shared/problem.ts";
import type { ObjectHeaders } from "../s3/index.ts";

/** Always named and signed: a browser adds a type by itself, which Ceph RGW refuses where it was not signed. */
const DEFAULT_CONTENT_TYPE = "application/octet-stream";

const TOKEN = "[\\w!#$%&'*+.^`|~-]+";

/**
 * One media type: of two, joined by a comma, a browser takes the last and a grant would judge the first.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-media-type
 */
const MEDIA_TYPE = new RegExp(
  `^${TOKEN}/${TOKEN}( *; *${TOKEN}=(${TOKEN}|"[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]*"))*$`,
);

/**
 * What a file is stored with.
 * @throws ProblemError `bad-request` for a content type that is none
 */
export function headersOf(file: FileToUpload, request: CreateUploadsRequest): ObjectHeaders {
  const contentType = file.contentType || DEFAULT_CONTENT_TYPE;
  const { storageClass, metadata } = request;
  if (!MEDIA_TYPE.test(contentType)) {
    throw new ProblemError("bad-request", "contentType: not a media type such as image/png.");
  }
  return {
    contentType,
    ...(storageClass === undefined ? {} : { storageClass }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** The same as a single PUT carries it; part uploads name it when they are created. */
export function toHttpHeaders(object: ObjectHeaders): Record<string, string> {
  const headers: Record<string, string> = {};
  if (object.contentType !== undefined) headers["content-type"] = object.contentType;
  if (object.storageClass !== undefined) headers["x-amz-storage-class"] = object.storageClass;
  for (const [name, value] of Object.entries(object.metadata ?? {})) {
    headers[`x-amz-meta-${name.toLowerCase()}`] = value;
  }
  return headers;
}

/**
 * Judges what all files of one request share.
 * @throws ProblemError `bad-request` for metadata or a storage class that no header can carry
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-tokens
 */
export function requireSendableHeaders({
  metadata = {},
  storageClass,
}: CreateUploadsRequest): void {
  if (storageClass !== undefined && !/^[A-Z0-9_-]+$/i.test(storageClass)) {
    throw new ProblemError("bad-request", "storageClass: not the name of a storage class.");
  }
  let metadataBytes = 0;
  for (const [name, value] of Object.entries(metadata)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !isHeaderValue(value)) {
      throw new ProblemError("bad-request", `metadata.${name}: cannot be sent in a header.`);
    }
    metadataBytes += utf8Length(name) + utf8Length(value);
  }
  if (metadataBytes > MAX_METADATA_BYTES) {
    throw new ProblemError(
      "bad-request",
      `metadata: ${metadataBytes} bytes, S3 takes ${MAX_METADATA_BYTES}.`,
    );
  }
}

/** Printable ASCII without spaces at the ends: what signer, browser and storage agree on. */
function isHeaderValue(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text) && text.trim() === text;
}
