import type { SelectOutput } from "../../../shared/select/select-request.ts";
import { createCsvWriter } from "./csv-writer.ts";
import { createJsonWriter } from "./json-writer.ts";
import type { RecordWriter } from "./record-writer.ts";

/** What writes records as a query asks for them. */
export function writerOf(output: SelectOutput): RecordWriter {
  return output.format === "CSV" ? createCsvWriter(output.csv) : createJsonWriter(output.json);
}
