import type { SchemaResponse } from "../../../../shared/select-api.ts";
import { DEFAULT_INPUT, type CsvForm, type InputForm } from "../question/question.ts";

/** How an object is read by what was found out of it. */
export function inputOfSchema({ format, compression, csv, json }: SchemaResponse): InputForm {
  return {
    format,
    compression,
    csv: { ...DEFAULT_INPUT.csv, ...csv },
    json: json?.type ?? DEFAULT_INPUT.json,
  };
}

/** How an object is read, in a few words: `CSV, names in the first line, by comma, gzip`. */
export function inputSummary({ format, compression, csv, json }: InputForm): string {
  const words = [format === "json" ? JSON_WORDS[json] : format === "csv" ? "CSV" : "Parquet"];
  if (format === "csv") {
    words.push(HEADER_WORDS[csv.header], delimiterName(csv.fieldDelimiter));
  }
  if (format !== "parquet" && compression !== "none") {
    words.push(compression === "auto" ? "compression found out" : compression);
  }
  return words.join(" · ");
}

const JSON_WORDS = { lines: "JSON lines", document: "JSON document" } as const;

/** What the first line of a CSV object is. */
export const HEADER_WORDS: Readonly<Record<CsvForm["header"], string>> = {
  use: "names in the first line",
  ignore: "first line passed over",
  none: "no names",
};

/** Delimiters of fields that have names. */
export const DELIMITERS: readonly { readonly value: string; readonly name: string }[] = [
  { value: ",", name: "comma" },
  { value: ";", name: "semicolon" },
  { value: "\t", name: "tab" },
  { value: "|", name: "pipe" },
  { value: " ", name: "space" },
];

/** What a delimiter is called; one without a name stands for itself. */
function delimiterName(delimiter: string): string {
  return DELIMITERS.find(({ value }) => value === delimiter)?.name ?? `“${delimiter}”`;
}

/** Text with its invisible characters written as a person can type them: `\n`, `\r\n`, `\t`. */
export function escapeText(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
}

/** The other way round. */
export function unescapeText(text: string): string {
  return text.replaceAll(/\\([\\nrt])/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };
