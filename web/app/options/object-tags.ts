import {
  MAX_OBJECT_TAGS,
  MAX_TAG_KEY_LENGTH,
  MAX_TAG_VALUE_LENGTH,
} from "../../../shared/limits.ts";
import { judgeValues, type JudgedValues, type NamedValue } from "./named-values.ts";

const TAG_TEXT = /^[\p{L}\p{N}\p{Z}_.:/=+@-]*$/u;

/**
 * Judges object tags; the rows' names are the tags' keys.
 * @param roomBytes for all of them as the query string that S3 takes
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 */
export function judgeTags(rows: readonly NamedValue[], roomBytes: number): JudgedValues {
  return judgeValues(rows, (row, before) => {
    const fault = faultOfTag(row) ?? faultAmong(row, before);
    if (fault !== null) return fault;
    const bytes = queryBytes([...before, row]);
    return bytes > roomBytes ? "There is no room for it beside the others." : null;
  });
}

function faultOfTag({ name, value }: NamedValue): string | null {
  if (name === "") return "A value needs a key.";
  if (name.length > MAX_TAG_KEY_LENGTH) {
    return `A key has at most ${MAX_TAG_KEY_LENGTH} characters.`;
  }
  if (value.length > MAX_TAG_VALUE_LENGTH) {
    return `A value has at most ${MAX_TAG_VALUE_LENGTH} characters.`;
  }
  if (!TAG_TEXT.test(name + value)) return "Tags take letters, digits, spaces and _ . : / = + - @";
  return /^aws:/i.test(name) ? "Keys that begin with “aws:” are Amazon's own." : null;
}

function faultAmong({ name }: NamedValue, before: readonly NamedValue[]): string | null {
  if (before.some((other) => other.name === name)) return "This key stands above already.";
  if (before.length < MAX_OBJECT_TAGS) return null;
  return `An object has at most ${MAX_OBJECT_TAGS} tags.`;
}

function queryBytes(rows: readonly NamedValue[]): number {
  const pairs = rows.map(({ name, value }) => [name, value].map(encodeURIComponent).join("="));
  return pairs.join("&").length;
}
