import type { CreateUploadsRequest, FileToUpload } from "../../shared/api.ts";
import { MAX_METADATA_BYTES } from "../../shared/limits.ts";
import { utf8Length } from "../../shared/object-key.ts";
import { ProblemError } from "../../shared/problem.ts";
import type { ObjectHeaders, StoredObject } from "../s3/index.ts";

/** Always named and signed: a browser adds a type by itself, which Ceph RGW refuses where it was not signed. */
const DEFAULT_CONTENT_TYPE = "application/octet-stream";

/**
 * Metadata that names the upload which an object came from. Storages forget an upload once it is
 * completed; with this a repeated request knows its own object from one of the same key and size.
 */
const TAG_NAME = "sluice-upload";

/** Metadata of all files together with their tag stays below what S3 takes; in bytes. */
const TAG_BYTES = 32;

/** What makes the object that `tag` was given to. */
export function withTag(object: ObjectHeaders, tag: string): ObjectHeaders {
  return { ...object, metadata: { ...object.metadata, [TAG_NAME]: tag } };
}

/** The tag of the upload that an object came from. */
export function tagOf({ metadata }: StoredObject): string | undefined {
  return metadata[TAG_NAME];
}

/**
 * A tag that no other upload of the same key has.
 * @param random uniform in 0 (inclusive) to 1 (exclusive)
 */
export function newTag(random: () => number): string {
  return Math.floor(random() * 2 ** 52)
    .toString(36)
    .padStart(11, "0");
}

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
    if (name.toLowerCase() === TAG_NAME) {
      throw new ProblemError("bad-request", `metadata.${name}: this name is taken by the server.`);
    }
    metadataBytes += utf8Length(name) + utf8Length(value);
  }
  const roomBytes = MAX_METADATA_BYTES - TAG_BYTES;
  if (metadataBytes > roomBytes) {
    throw new ProblemError("bad-request", `metadata: ${metadataBytes} bytes, not ${roomBytes}.`);
  }
}

/** Printable ASCII without spaces at the ends: what signer, browser and storage agree on. */
function isHeaderValue(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text) && text.trim() === text;
}
