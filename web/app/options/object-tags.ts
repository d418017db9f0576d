import { judgeValues, type JudgedValues, type NamedValue } from "./named-values.ts";

/** Most tags of one object. */
export const MAX_TAG_COUNT = 10;

const MAX_KEY_CHARACTERS = 128;
const MAX_VALUE_CHARACTERS = 256;

const TAG_TEXT = /^[\p{L}\p{N}\p{Z}_.:/=+@-]*$/u;

/**
 * Judges object tags; the rows' names are the tags' keys.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 */
export function judgeTags(rows: readonly NamedValue[]): JudgedValues {
  return judgeValues(rows, faultOfRow);
}

function faultOfRow({ name, value }: NamedValue, before: readonly NamedValue[]): string | null {
  if (name === "") return "A value needs a key.";
  if (name.length > MAX_KEY_CHARACTERS)
    return `A key has at most ${MAX_KEY_CHARACTERS} characters.`;
  if (value.length > MAX_VALUE_CHARACTERS) {
    return `A value has at most ${MAX_VALUE_CHARACTERS} characters.`;
  }
  if (!TAG_TEXT.test(name + value)) return "Tags take letters, digits, spaces and _ . : / = + - @";
  if (/^aws:/i.test(name)) return "Keys that begin with “aws:” are Amazon's own.";
  if (before.some((other) => other.name === name)) return "This key stands above already.";
  return before.length < MAX_TAG_COUNT ? null : `An object has at most ${MAX_TAG_COUNT} tags.`;
}
