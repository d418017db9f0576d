import type { CreateUploadsRequest, FileToUpload } from "../../shared/api.ts";
import { ProblemError } from "../../shared/problem.ts";
import { taggingField, taggingHeader, type ObjectHeaders, type StoredObject } from "../s3/index.ts";

/** Always named and signed: a browser adds a type by itself, which Ceph RGW refuses where it was not signed. */
const DEFAULT_CONTENT_TYPE = "application/octet-stream";

/**
 * Metadata that names the upload which an object came from. Storages forget an upload once it is
 * completed; with this a repeated request knows its own object from one of the same key and size.
 */
export const TAG_NAME = "sluice-upload";

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
  const { storageClass, metadata, tags, cacheControl, contentEncoding } = request;
  if (!MEDIA_TYPE.test(contentType)) {
    throw new ProblemError("bad-request", "contentType: not a media type such as image/png.");
  }
  return {
    contentType,
    ...(storageClass === undefined ? {} : { storageClass }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(tags === undefined || Object.keys(tags).length === 0 ? {} : { tags }),
    ...(cacheControl === undefined ? {} : { cacheControl }),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
  };
}

/** The same as a single PUT carries it; part uploads name it when they are created. */
export function toHttpHeaders(object: ObjectHeaders): Record<string, string> {
  const tagging = object.tags && { "x-amz-tagging": taggingHeader(object.tags) };
  const fields = Object.entries({ ...commonFields(object), ...tagging });
  return Object.fromEntries(fields.map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * The same as the fields of a form. No body comes with the answer of a 204: all that is to know stands
 * in its header.
 */
export function toFormFields(object: ObjectHeaders): Record<string, string> {
  const tagging = object.tags && { tagging: taggingField(object.tags) };
  return { ...commonFields(object), ...tagging, success_action_status: "204" };
}

function commonFields(object: ObjectHeaders): Record<string, string> {
  const fields: [string, string | undefined][] = [
    ["Content-Type", object.contentType],
    ["Cache-Control", object.cacheControl],
    ["Content-Encoding", object.contentEncoding],
    ["x-amz-storage-class", object.storageClass],
    ...Object.entries(object.metadata ?? {}).map(([name, value]): [string, string] => {
      return [`x-amz-meta-${name.toLowerCase()}`, value];
    }),
  ];
  const isGiven = (field: [string, string | undefined]): field is [string, string] =>
    field[1] !== undefined;
  return Object.fromEntries(fields.filter(isGiven));
}
