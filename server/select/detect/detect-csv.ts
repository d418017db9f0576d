import { DEFAULT_CSV_INPUT, type CsvInput } from "../../../shared/select/csv-input.ts";
import type { DetectedSchema } from "../../../shared/select/schema.ts";
import { SelectError } from "../../../shared/select/select-error.ts";
import { CsvScanner } from "../input/csv-scanner.ts";
import { typeOf, typeOfAll } from "./column-types.ts";

/** In the order in which they win where two fit equally. */
const FIELD_DELIMITERS = [",", "\t", ";", "|"] as const;

/** Records looked at. */
const MOST_RECORDS = 100;

type Detected = Pick<DetectedSchema, "csv" | "columns" | "rows">;

/** How CSV seems to be written, judged by its beginning, which may end within a record. */
export function detectCsv(head: Uint8Array, mostRows: number): Detected {
  const recordDelimiter = head.includes(10) || !head.includes(13) ? "\n" : "\r";
  const candidates = FIELD_DELIMITERS.map((fieldDelimiter) => {
    const input = { ...DEFAULT_CSV_INPUT, fieldDelimiter, recordDelimiter, comment: "" };
    const records = recordsOf(head, { ...input, allowsQuotedRecordDelimiter: true });
    return { fieldDelimiter, records, score: scoreOf(records) };
  });
  const { fieldDelimiter, records } = candidates.reduce((best, each) =>
    each.score > best.score ? each : best,
  );
  const [first = [], ...others] = records;
  const hasHeader = isHeader(first, others);
  const data = hasHeader ? others : records;
  const width = Math.max(first.length, ...data.map((record) => record.length));
  const names = Array.from({ length: width }, (_, index) =>
    hasHeader ? (first[index] ?? `_${index + 1}`) : `_${index + 1}`,
  );
  return {
    csv: {
      header: hasHeader ? "use" : "none",
      fieldDelimiter,
      recordDelimiter,
      quote: DEFAULT_CSV_INPUT.quote,
    },
    columns: names.map((name, index) => ({
      name,
      type: typeOfAll(data.map((record) => record[index] ?? null)),
    })),
    rows: data.slice(0, mostRows).map((record) => names.map((_, index) => record[index] ?? null)),
  };
}

function recordsOf(head: Uint8Array, input: CsvInput): readonly (readonly string[])[] {
  const records: (readonly string[])[] = [];
  const scanner = new CsvScanner(input, (row) => {
    records.push(row.texts());
    return records.length < MOST_RECORDS;
  });
  try {
    scanner.push(head);
    // A single record may have no delimiter behind it.
    if (records.length === 0) scanner.end();
  } catch (error) {
    // Not written that way, or not from here on: what came before still counts.
    if (!(error instanceof SelectError)) throw error;
  }
  return records;
}

/** Many fields, and as many in every record, speak for a delimiter. */
function scoreOf(records: readonly (readonly string[])[]): number {
  const width = records[0]?.length ?? 0;
  if (width < 2) return 0;
  const equal = records.filter((record) => record.length === width).length;
  return (equal / records.length) * Math.min(width, 50) + (equal === records.length ? 1 : 0);
}

/** Names are texts, each another; below them something else may stand. */
function isHeader(first: readonly string[], others: readonly (readonly string[])[]): boolean {
  const areNames = first.every((name) => typeOf(name) === "string");
  return areNames && first.length > 0 && new Set(first).size === first.length && others.length > 0;
}
