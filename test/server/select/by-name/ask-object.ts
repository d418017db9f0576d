import { select } from "../../../../server/select/index.ts";
import { DEFAULT_CSV_INPUT, type CsvInput } from "../../../../shared/select/csv-input.ts";
import {
  DEFAULT_CSV_OUTPUT,
  DEFAULT_JSON_OUTPUT,
  type CsvOutput,
} from "../../../../shared/select/output.ts";
import { SelectError } from "../../../../shared/select/select-error.ts";
import type {
  Compression,
  ScanRange,
  SelectInput,
  SelectOutput,
} from "../../../../shared/select/select-request.ts";

/** A question, and the object that it is about. */
export interface Question {
  readonly sql: string;
  readonly object: string | Uint8Array;
  /** Plain CSV without a header where nothing is said. */
  readonly input?: SelectInput;
  readonly output?: SelectOutput;
  readonly scanRange?: ScanRange;
}

/** CSV in, as by default but for what is said. */
export function csvIn(csv: Partial<CsvInput> = {}, compression: Compression = "NONE"): SelectInput {
  return { format: "CSV", compression, csv: { ...DEFAULT_CSV_INPUT, ...csv } };
}

/** JSON in. */
export function jsonIn(type: "DOCUMENT" | "LINES"): SelectInput {
  return { format: "JSON", compression: "NONE", type };
}

/** CSV out, as by default but for what is said. */
export function csvOut(csv: Partial<CsvOutput> = {}): SelectOutput {
  return { format: "CSV", csv: { ...DEFAULT_CSV_OUTPUT, ...csv } };
}

/** JSON out. */
export function jsonOut(recordDelimiter = DEFAULT_JSON_OUTPUT.recordDelimiter): SelectOutput {
  return { format: "JSON", json: { recordDelimiter } };
}

/** The whole answer, as a client puts it together. */
export async function answerTo({
  sql,
  object,
  input = csvIn(),
  output = csvOut(),
  scanRange,
}: Question): Promise<string> {
  const bytes = Buffer.from(object);
  const source = {
    sizeBytes: bytes.length,
    async *read({ start, end }: { start: number; end: number }) {
      yield bytes.subarray(start, end);
    },
  };
  const request = { sql, input, output, ...(scanRange && { scanRange }) };
  const payloads: Uint8Array[] = [];
  for await (const event of select(request, source, new AbortController().signal)) {
    if (event.type === "records") payloads.push(event.payload);
  }
  return Buffer.concat(payloads).toString();
}

/** The value of an expression that needs no record, as JSON; `MISSING` where it is that. */
export async function valueOf(expression: string): Promise<string> {
  const sql = `SELECT ${expression} AS v FROM S3Object`;
  const answer = await answerTo({ sql, object: "{}", input: jsonIn("LINES"), output: jsonOut("") });
  return answer === "{}" ? "MISSING" : answer.replace(/^\{"v":(.*)\}$/su, "$1");
}

/** The code that something fails with; `none` where it does not. */
export async function codeOf(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (error instanceof SelectError) return error.code;
    throw error;
  }
  return "none";
}
