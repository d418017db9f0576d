import { SelectError } from "../../../shared/select/select-error.ts";
import type { Value } from "../values/value.ts";

/** Most that one value of the answer may have, in characters; S3 Select's own limit. */
const MAX_COLUMN_LENGTH = 1024 * 1024;

/** Writes records of an answer as text. */
export interface RecordWriter {
  /**
   * One record, its delimiter included.
   * @throws SelectError where the format has no form for a value
   */
  write(names: readonly string[], values: readonly Value[]): string;
}

/** The text of a value as it is written. @throws SelectError `ColumnTooLong` */
export function columnText(text: string): string {
  if (text.length <= MAX_COLUMN_LENGTH) return text;
  const detail = `A value of the answer is longer than ${MAX_COLUMN_LENGTH} characters; ask for a part of it.`;
  throw new SelectError("ColumnTooLong", detail);
}
