import type { CsvOutput } from "../../../shared/select/output.ts";
import { SelectError } from "../../../shared/select/select-error.ts";
import { textOf } from "../values/text.ts";
import { List, Structure, type Value } from "../values/value.ts";
import { columnText, type RecordWriter } from "./record-writer.ts";

export function createCsvWriter(output: CsvOutput): RecordWriter {
  const { fieldDelimiter, recordDelimiter, quote, quoteEscape } = output;
  const special = [fieldDelimiter, recordDelimiter, quote, "\n", "\r"].filter(
    (text) => text !== "",
  );

  function field(value: Value): string {
    if (value instanceof List || value instanceof Structure) {
      const detail =
        "CSV has no form for lists and structures; ask for JSON, or for what is in them.";
      throw new SelectError("UnsupportedSqlOperation", detail);
    }
    const text = columnText(textOf(value));
    const isPlain =
      output.quoteFields === "ASNEEDED" && !special.some((each) => text.includes(each));
    if (isPlain || quote === "") return text;
    const escaped =
      quoteEscape === quote || quoteEscape === ""
        ? text.replaceAll(quote, quote + quote)
        : text
            .replaceAll(quoteEscape, quoteEscape + quoteEscape)
            .replaceAll(quote, quoteEscape + quote);
    return quote + escaped + quote;
  }

  return {
    write: (_names, values) => values.map(field).join(fieldDelimiter) + recordDelimiter,
  };
}
