import type { Setting } from "./evaluate/evaluator.ts";
import { planQuery, type Plan } from "./evaluate/plan.ts";
import { bindColumns, findColumns } from "./input/csv-names.ts";
import type { CsvInput } from "../../shared/select/csv-input.ts";
import type { CsvRecord, CsvRow } from "./input/csv-row.ts";
import { CsvScanner } from "./input/csv-scanner.ts";
import type { RecordReader } from "./input/record-reader.ts";
import { Answer, type WholeRecord } from "./output/answer.ts";
import type { RecordWriter } from "./output/record-writer.ts";
import { WHOLE, type Span } from "./scan-range.ts";
import type { Query } from "./sql/syntax.ts";

/**
 * Answers a query from the bytes of a CSV object.
 * @throws SelectError at once where the query fails whatever the object holds
 */
export function scanCsv(
  query: Query,
  input: CsvInput,
  writer: RecordWriter,
  now: Setting<CsvRecord>["now"],
  span: Span = WHOLE,
): RecordReader {
  const start = (names: readonly string[] | null): Answer<CsvRecord> => {
    const header = input.header === "USE" ? names : null;
    const plan = planCsv(query, header, now);
    return new Answer(plan, writer, (row) => wholeRow(row, header));
  };
  // Names are known once the header was read.
  const isHeaderAhead = input.header !== "NONE" && span.header === null && span.offset === 0;
  let answer = isHeaderAhead ? null : start(span.header);
  const take = (row: CsvRow, offset: number): boolean => {
    if (offset > span.lastOffset) return false;
    if (answer !== null) return answer.take(row);
    answer = start(row.texts());
    return true;
  };
  const scanner = new CsvScanner(input, take, span.offset);
  return {
    get isOver() {
      return scanner.isOver;
    },
    push: (piece) => scanner.push(piece),
    end() {
      scanner.end();
      answer ??= start([]);
      answer.end();
    },
    takeBytes: () => answer?.takeBytes() ?? new Uint8Array(0),
  };
}

/** Makes a query ready for records of CSV. @throws SelectError where it fails whatever they hold */
export function planCsv(
  query: Query,
  header: readonly string[] | null,
  now: Setting<CsvRecord>["now"],
): Plan<CsvRecord> {
  const bind = bindColumns(findColumns(header, query.alias));
  return planQuery<CsvRecord>(query, { bind, isUntyped: true, now });
}

/** Fields beyond the header go by their place. */
export function wholeRow(row: CsvRecord, header: readonly string[] | null): WholeRecord {
  const values = row.texts();
  if (header !== null && header.length === values.length) return { names: header, values };
  return { names: values.map((_, index) => header?.[index] ?? `_${index + 1}`), values };
}
