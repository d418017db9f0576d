import { DEFAULT_CSV_INPUT, type CsvInput } from "../../../shared/select/csv-input.ts";
import { MAX_RECORD_BYTES } from "../../../server/select/input/limits.ts";
import type { RecordReader } from "../../../server/select/input/record-reader.ts";
import { createCsvWriter } from "../../../server/select/output/csv-writer.ts";
import { DEFAULT_CSV_OUTPUT, DEFAULT_JSON_OUTPUT } from "../../../shared/select/output.ts";
import { createJsonWriter } from "../../../server/select/output/json-writer.ts";
import { scanCsv } from "../../../server/select/scan-csv.ts";
import { scanJson } from "../../../server/select/scan-json.ts";
import { SelectError } from "../../../shared/select/select-error.ts";
import { parseQuery } from "../../../server/select/sql/parse-query.ts";
import { parseTimestamp, type Timestamp } from "../../../server/select/values/timestamp.ts";

/** When all queries of the tests begin. */
const NOW: Timestamp = timestamp("2026-11-25T03:55:00.123Z");

function timestamp(text: string): Timestamp {
  const parsed = parseTimestamp(text);
  if (parsed === null) throw new Error(`${text} is no timestamp`);
  return parsed;
}

interface Asked {
  readonly csv?: Partial<CsvInput>;
  /** Bytes that come at once. */
  readonly pieceBytes?: number;
  readonly as?: "csv" | "json";
}

/** The answer to a query about a CSV text. */
export function askCsv(sql: string, text: string, asked: Asked = {}): string {
  const input = { ...DEFAULT_CSV_INPUT, ...asked.csv };
  return run(scanCsv(parseQuery(sql), input, writerFor(asked.as ?? "csv"), NOW), text, asked);
}

/** The same about JSON. */
export function askJson(sql: string, text: string, asked: Asked = {}): string {
  const writer = writerFor(asked.as ?? "json");
  return run(scanJson(parseQuery(sql), MAX_RECORD_BYTES, writer, NOW), text, asked);
}

/** The value of an expression without a record, as JSON; `{}` where it is MISSING. */
export function valueOf(expression: string): string {
  const answer = askJson(`SELECT ${expression} AS v FROM S3Object`, "{}").trimEnd();
  return answer === "{}" ? "MISSING" : answer.replace(/^\{"v":(.*)\}$/su, "$1");
}

/** The code that something fails with; the place where it has one. */
export function failure(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (!(error instanceof SelectError)) throw error;
    const { code, position } = error;
    return position === null ? code : `${code} ${position.line}:${position.column}`;
  }
  return "none";
}

function writerFor(format: "csv" | "json") {
  return format === "csv"
    ? createCsvWriter(DEFAULT_CSV_OUTPUT)
    : createJsonWriter(DEFAULT_JSON_OUTPUT);
}

function run(reader: RecordReader, text: string, { pieceBytes = Infinity }: Asked): string {
  const bytes = new TextEncoder().encode(text);
  const answer: Uint8Array[] = [];
  for (let start = 0; start < bytes.length && !reader.isOver; start += pieceBytes) {
    reader.push(bytes.subarray(start, start + pieceBytes));
    answer.push(reader.takeBytes());
  }
  reader.end();
  answer.push(reader.takeBytes());
  return Buffer.concat(answer).toString();
}
