import type { SelectErrorCode } from "./select-error-code.ts";

/** A place in an expression; both from 1, the column in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * What a query fails with: one of S3 Select's own codes, a sentence that names the cause and the remedy,
 * and where in the expression it is, as far as it is there.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#SelectObjectContentErrorCodeList
 */
export class SelectError extends Error {
  readonly code: SelectErrorCode;
  /** The sentence, without the place. */
  readonly detail: string;
  readonly position: Position | null;

  constructor(code: SelectErrorCode, detail: string, position: Position | null = null) {
    super(
      position === null ? detail : `${detail} (line ${position.line}, column ${position.column})`,
    );
    this.name = "SelectError";
    this.code = code;
    this.detail = detail;
    this.position = position;
  }
}
