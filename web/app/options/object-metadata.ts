import { MAX_METADATA_BYTES } from "../../../shared/limits.ts";
import { judgeValues, type JudgedValues, type NamedValue } from "./named-values.ts";

/** The server marks every object with metadata of its own, which takes this of S3's room. */
const SERVER_BYTES = 32;

/** Room for names and values of all rows together, in bytes. */
export const METADATA_ROOM_BYTES = MAX_METADATA_BYTES - SERVER_BYTES;

const SERVER_NAME = "sluice-upload";

/** @see https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * Judges user metadata by the rules of the server, so that no upload fails of it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
export function judgeMetadata(rows: readonly NamedValue[]): JudgedValues {
  return judgeValues(rows, faultOfRow);
}

function faultOfRow({ name, value }: NamedValue, before: readonly NamedValue[]): string | null {
  if (name === "") return "A value needs a name.";
  if (!TOKEN.test(name)) return "A name takes letters A to Z, digits, and signs such as - _ .";
  if (name.toLowerCase() === SERVER_NAME) return "This name is the server's own.";
  if (before.some((other) => other.name.toLowerCase() === name.toLowerCase())) {
    return "This name stands above already; capitals make no difference.";
  }
  if (!/^[\x20-\x7e]*$/.test(value)) return "A value takes plain ASCII characters alone.";
  if (value.trim() !== value) return "A value has no spaces at its ends.";
  // All of it is ASCII by now: a character is a byte.
  const bytes = [...before, { name, value }].reduce(
    (sum, row) => sum + row.name.length + row.value.length,
    0,
  );
  if (bytes > METADATA_ROOM_BYTES) {
    return `With this row they are ${bytes} bytes; there is room for ${METADATA_ROOM_BYTES}.`;
  }
  return null;
}
