import type { JsonOutput } from "../../../shared/select/output.ts";
import { jsonOf } from "../values/text.ts";
import { MISSING } from "../values/value.ts";
import { columnText, type RecordWriter } from "./record-writer.ts";

/** What is MISSING is left out. */
export function createJsonWriter({ recordDelimiter }: JsonOutput): RecordWriter {
  return {
    write(names, values) {
      const fields = values.flatMap((value, index) =>
        value === MISSING
          ? []
          : `${JSON.stringify(names[index] ?? `_${index + 1}`)}:${columnText(jsonOf(value))}`,
      );
      return `{${fields.join(",")}}${recordDelimiter}`;
    },
  };
}
