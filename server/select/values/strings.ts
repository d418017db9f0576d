import { SelectError, type Position } from "../../../shared/select/select-error.ts";
import type { TrimSide } from "../sql/syntax.ts";

/**
 * Code points of a text from `start` on, which is counted from 1; one that lies before the text shortens the length.
 * @param length null up to the end
 * @throws SelectError `IllegalSqlFunctionArgument` for a negative length
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference-string.html
 */
export function substringOf(
  text: string,
  start: bigint,
  length: bigint | null,
  position: Position,
): string {
  if (length !== null && length < 0n) {
    throw new SelectError(
      "IllegalSqlFunctionArgument",
      "SUBSTRING's length is a number from 0.",
      position,
    );
  }
  const first = Number(start) - 1;
  const end = length === null ? Infinity : first + Number(length);
  let result = "";
  let index = 0;
  for (const character of text) {
    if (index >= end) break;
    if (index >= first) result += character;
    index += 1;
  }
  return result;
}

/** A text without those characters at its ends that are among `characters`. */
export function trim(side: TrimSide, text: string, characters: string): string {
  const stripped = new Set(characters);
  const points = Array.from(text);
  let start = 0;
  let end = points.length;
  if (side !== "TRAILING") while (start < end && stripped.has(points[start] ?? "")) start += 1;
  if (side !== "LEADING") while (end > start && stripped.has(points[end - 1] ?? "")) end -= 1;
  return points.slice(start, end).join("");
}
