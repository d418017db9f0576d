import type { JsonOutput } from "../../../shared/select/output.ts";
import { jsonOf } from "../values/text.ts";
import { MISSING } from "../values/value.ts";
import { columnText, type RecordWriter } from "./record-writer.ts";

/** What is MISSING is left out. */
export function createJsonWriter({ recordDelimiter }: JsonOutput): RecordWriter {
  let keysOf: readonly string[] = [];
  let keys: readonly string[] = [];
  return {
    write(names, values) {
      // Most answers have the same names from first to last.
      if (names !== keysOf) {
        keysOf = names;
        keys = names.map((name) => `${JSON.stringify(name)}:`);
      }
      let text = "{";
      for (const [index, value] of values.entries()) {
        if (value === MISSING) continue;
        if (text.length > 1) text += ",";
        text += keys[index] ?? `"_${index + 1}":`;
        text += columnText(jsonOf(value));
      }
      return `${text}}${recordDelimiter}`;
    },
  };
}
