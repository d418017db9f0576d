import type { SelectErrorCode } from "../../shared/select/select-error-code.ts";
import { SelectError } from "../../shared/select/select-error.ts";

/** At the end, as our own store has it: it has been written there from the position, and is again. */
const AT_END = /\s*\(line (\d{1,9}), column (\d{1,9})\)$/;

/** Within the sentence, as AWS has it. */
const WITHIN = /\bat line (\d{1,9}), column (\d{1,9})\b/;

/**
 * The fault that a storage found with a query. S3's errors have no field for where it is: the sentence says it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#SelectObjectContentErrorCodeList
 */
export function selectFault(code: SelectErrorCode, sentence: string): SelectError {
  const [, line, column] = AT_END.exec(sentence) ?? WITHIN.exec(sentence) ?? [];
  if (line === undefined || column === undefined) return new SelectError(code, sentence);
  const position = { line: Number(line), column: Number(column) };
  return new SelectError(code, sentence.replace(AT_END, ""), position);
}
