import type { CreateUploadsRequest } from "../../shared/api.ts";
import {
  MAX_METADATA_BYTES,
  MAX_OBJECT_TAGS,
  MAX_TAG_KEY_LENGTH,
  MAX_TAG_VALUE_LENGTH,
} from "../../shared/limits.ts";
import { utf8Length } from "../../shared/object-key.ts";
import { ProblemError } from "../../shared/problem.ts";
import { taggingHeader } from "../s3/index.ts";
import { TAG_NAME } from "./object-headers.ts";

/** The tag of an upload is metadata too and has to find room beside what was given; in bytes. */
const TAG_BYTES = 32;

/**
 * All options together as JSON, in bytes: an upload ID states them, and with a key of the longest still
 * has to fit into a request line.
 */
const MAX_OPTION_BYTES = 6 * 1024;

/**
 * Judges what all files of one request share.
 * @throws ProblemError `bad-request` for what no header can carry or S3 does not take
 */
export function requireSendableOptions(request: CreateUploadsRequest): void {
  const { metadata = {}, tags = {}, storageClass, cacheControl = "" } = request;
  if (storageClass !== undefined && !/^[A-Z0-9_-]+$/i.test(storageClass)) {
    throw new ProblemError("bad-request", "storageClass: not the name of a storage class.");
  }
  if (!isHeaderValue(cacheControl)) {
    throw new ProblemError("bad-request", "cacheControl: cannot be sent in a header.");
  }
  requireMetadata(metadata);
  requireTags(tags);
  const optionBytes = JSON.stringify([metadata, taggingHeader(tags), cacheControl]).length;
  if (optionBytes > MAX_OPTION_BYTES) {
    throw new ProblemError(
      "bad-request",
      `metadata, tags and cacheControl: ${optionBytes} bytes in all, not ${MAX_OPTION_BYTES}.`,
    );
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
function requireMetadata(metadata: Readonly<Record<string, string>>): void {
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

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
function requireTags(tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags);
  if (entries.length > MAX_OBJECT_TAGS) {
    throw new ProblemError("bad-request", `tags: ${entries.length}, not ${MAX_OBJECT_TAGS}.`);
  }
  for (const [key, value] of entries) {
    const isKey = key !== "" && key.length <= MAX_TAG_KEY_LENGTH && !/^aws:/i.test(key);
    if (!isKey || !isTagText(key)) {
      const rule = `1 to ${MAX_TAG_KEY_LENGTH} letters, digits, spaces and + - = . _ : / @`;
      throw new ProblemError("bad-request", `tags: the key "${key}" is not of ${rule}.`);
    }
    if (value.length > MAX_TAG_VALUE_LENGTH || !isTagText(value)) {
      const rule = `${MAX_TAG_VALUE_LENGTH} letters, digits, spaces and + - = . _ : / @ at most`;
      throw new ProblemError("bad-request", `tags.${key}: not of ${rule}.`);
    }
  }
}

function isTagText(text: string): boolean {
  return /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text);
}

/** Printable ASCII without spaces at the ends: what signer, browser and storage agree on. */
function isHeaderValue(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text) && text.trim() === text;
}
