import { SelectError } from "../../shared/select/select-error.ts";
import type { ScanRange, SelectInput } from "../../shared/select/select-request.ts";

/** The bytes with which records may begin: both included. */
export interface RecordStarts {
  readonly first: number;
  readonly last: number;
}

/** Which records of an object are looked at. */
export interface Span {
  /** Where the first of them begins. */
  readonly offset: number;
  /** The last byte that a record may begin with. */
  readonly lastOffset: number;
  /** The first record, where it counts as a header and lies before the span; null where it lies within. */
  readonly header: readonly string[] | null;
}

/** All records. */
export const WHOLE: Span = { offset: 0, lastOffset: Infinity, header: null };

/**
 * Where the records of a scan range begin.
 * @throws SelectError `UnsupportedScanRangeInput` for formats in which no record can be found from the middle on,
 * `InvalidScanRange` for a range that is empty or outside the object
 */
export function recordStartsOf(
  range: ScanRange | undefined,
  input: SelectInput,
  sizeBytes: number,
): RecordStarts {
  if (range === undefined) return { first: 0, last: Infinity };
  requireSplittable(input);
  const { start, end } = range;
  if (start === undefined && end === undefined) throw invalid("names neither a start nor an end");
  for (const bound of [start, end]) {
    if (bound !== undefined && !(Number.isSafeInteger(bound) && bound >= 0)) {
      throw invalid("has a bound that is no number from 0");
    }
  }
  if (start === undefined) return { first: Math.max(0, sizeBytes - (end ?? 0)), last: Infinity };
  if (end !== undefined && end < start) throw invalid("ends before it starts");
  if (start > 0 && start >= sizeBytes)
    throw invalid(`starts behind the object's ${sizeBytes} bytes`);
  return { first: start, last: end ?? Infinity };
}

function requireSplittable(input: SelectInput): void {
  if (input.compression !== "NONE") throw unsupported("a compressed object");
  if (input.format === "JSON" && input.type === "DOCUMENT") throw unsupported("a JSON document");
  if (input.format === "CSV" && input.csv.allowsQuotedRecordDelimiter) {
    throw unsupported("CSV with record delimiters in quotes");
  }
}

function unsupported(what: string): SelectError {
  const detail = `In ${what} no record can be found from the middle on; leave the scan range out.`;
  return new SelectError("UnsupportedScanRangeInput", detail);
}

function invalid(why: string): SelectError {
  return new SelectError("InvalidScanRange", `The scan range ${why}.`);
}
