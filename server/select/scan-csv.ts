import type { Setting } from "./evaluate/evaluator.ts";
import { planQuery } from "./evaluate/plan.ts";
import { bindColumns } from "./input/csv-names.ts";
import type { CsvInput } from "../../shared/select/csv-input.ts";
import type { CsvRow } from "./input/csv-row.ts";
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
  now: Setting<CsvRow>["now"],
  span: Span = WHOLE,
): RecordReader {
  const start = (names: readonly string[] | null): Answer<CsvRow> => {
    const header = input.header === "USE" ? names : null;
    const bind = bindColumns(header, query.alias);
    const plan = planQuery<CsvRow>(query, { bind, isUntyped: true, now });
    return new Answer(plan, writer, (row) => wholeOf(row, header));
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
    takeText: () => answer?.takeText() ?? "",
  };
}

/** Fields beyond the header go by their place. */
function wholeOf(row: CsvRow, header: readonly string[] | null): WholeRecord {
  const values = row.texts();
  return { names: values.map((_, index) => header?.[index] ?? `_${index + 1}`), values };
}
