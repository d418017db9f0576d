import type { DetectedSchema } from "../../../shared/select/schema.ts";
import { SelectError } from "../../../shared/select/select-error.ts";
import { JsonWalker } from "../input/json-walker.ts";
import { parseJson } from "../input/json-text.ts";
import { textOf } from "../values/text.ts";
import { Structure, type Value } from "../values/value.ts";
import { typeOfAll } from "./column-types.ts";

/** Records looked at. */
const MOST_RECORDS = 100;

type Detected = Pick<DetectedSchema, "json" | "columns" | "rows">;

/** What JSON seems to hold, judged by its beginning, which may end within a value. */
export function detectJson(head: Uint8Array, mostRows: number): Detected {
  const records: { readonly value: Value; readonly text: string }[] = [];
  const scanner = new JsonWalker([], (text) => {
    if (text !== null) records.push({ value: parseJson(text), text });
    return records.length < MOST_RECORDS;
  });
  try {
    scanner.push(head);
    if (records.length === 0) scanner.end();
  } catch (error) {
    // What came before still counts.
    if (!(error instanceof SelectError)) throw error;
  }
  // One value a line: several of them, and none with a line's end within.
  const isLines = records.length > 1 && records.every(({ text }) => !text.includes("\n"));
  const names = [...new Set(records.flatMap(({ value }) => keysOf(value)))];
  const fieldOf = (value: Value, name: string): Value | undefined =>
    value instanceof Structure ? value.fields.get(name) : value;
  return {
    json: { type: isLines ? "lines" : "document" },
    columns: names.map((name) => ({
      name,
      type: typeOfAll(records.map(({ value }) => fieldOf(value, name) ?? null)),
    })),
    rows: records.slice(0, mostRows).map(({ value }) =>
      names.map((name) => {
        const field = fieldOf(value, name);
        return field === undefined || field === null ? null : textOf(field);
      }),
    ),
  };
}

/** A value that is no structure is its own first column. */
function keysOf(value: Value): readonly string[] {
  return value instanceof Structure ? [...value.fields.keys()] : ["_1"];
}
