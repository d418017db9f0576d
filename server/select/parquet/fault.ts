import { SelectError } from "../../../shared/select/select-error.ts";

/** What is wrong with a Parquet object whose bytes contradict each other; `what` is a sentence without its end. */
export function damaged(what: string): SelectError {
  const detail = `The object is no sound Parquet file: ${what}. Write it again, or look whether it was uploaded whole.`;
  return new SelectError("ParquetParsingError", detail);
}

/** A type that values of the dialect have no form for; `what` names the column and the type. */
export function unsupportedType(what: string): SelectError {
  const detail = `${what} cannot be read. Ask for other columns, or write the file with another type.`;
  return new SelectError("UnsupportedParquetType", detail);
}
