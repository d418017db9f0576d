import { DEFAULT_INPUT, WHOLE, type CsvForm, type InputForm, type ScanForm } from "./question.ts";

/** What a link says: it may name the object alone, and leave how it is read to whoever looks at it. */
export interface LinkedQuestion {
  readonly key: string;
  readonly sql: string;
  /** `null`: as the object itself seems to be written. */
  readonly input: InputForm | null;
  readonly scan: ScanForm;
}

/** Longest SQL that is taken from a link, in characters: browsers and proxies cut longer addresses. */
const MAX_SQL_LENGTH = 32_768;

const MAX_KEY_LENGTH = 1024;

/** The path and query string of a link that shows a question; opening it asks nothing. */
export function linkTo({ key, sql, input, scan }: LinkedQuestion): string {
  const search = new URLSearchParams({ key });
  if (sql !== "") search.set("sql", sql);
  for (const [name, value] of Object.entries(input === null ? {} : wordsOf(input))) {
    search.set(name, value);
  }
  if (scan.start !== null) search.set("start", String(scan.start));
  if (scan.end !== null) search.set("end", String(scan.end));
  return `/query?${search}`;
}

/** What a query string says; what it says wrongly is passed over, as nobody typed it. */
export function readLink(text: string): LinkedQuestion {
  const search = new URLSearchParams(text);
  return {
    key: (search.get("key") ?? "").slice(0, MAX_KEY_LENGTH),
    sql: (search.get("sql") ?? "").slice(0, MAX_SQL_LENGTH),
    input: search.has("format") ? inputOf(search) : null,
    scan: { start: byteOf(search.get("start")), end: byteOf(search.get("end")) },
  };
}

/** Names in a link, each with the part of CSV that it stands for. */
const CSV_NAMES = {
  delimiter: "fieldDelimiter",
  record: "recordDelimiter",
  quote: "quote",
  escape: "quoteEscape",
  comment: "comment",
} as const;

function wordsOf({ format, compression, csv, json }: InputForm): Record<string, string> {
  const words: Record<string, string> = { format };
  if (compression !== "auto" && format !== "parquet") words["compression"] = compression;
  if (format === "json") words["json"] = json;
  if (format !== "csv") return words;
  words["header"] = csv.header;
  for (const [name, part] of Object.entries(CSV_NAMES)) {
    if (csv[part] !== DEFAULT_INPUT.csv[part]) words[name] = csv[part];
  }
  if (csv.allowQuotedRecordDelimiter) words["multiline"] = "1";
  return words;
}

function inputOf(search: URLSearchParams): InputForm {
  return {
    format: oneOf(search.get("format"), ["csv", "json", "parquet"]),
    compression: oneOf(search.get("compression"), ["auto", "none", "gzip", "bzip2"]),
    csv: csvOf(search),
    json: oneOf(search.get("json"), ["lines", "document"]),
  };
}

function csvOf(search: URLSearchParams): CsvForm {
  const { csv } = DEFAULT_INPUT;
  const ascii = (name: string, most: number, standing: string) => {
    const text = search.get(name) ?? "";
    return text.length >= 1 && text.length <= most && isAscii(text) ? text : standing;
  };
  return {
    header: oneOf(search.get("header"), ["use", "ignore", "none"]),
    fieldDelimiter: ascii("delimiter", 1, csv.fieldDelimiter),
    recordDelimiter: ascii("record", 2, csv.recordDelimiter),
    quote: ascii("quote", 1, csv.quote),
    quoteEscape: ascii("escape", 1, csv.quoteEscape),
    comment: ascii("comment", 1, csv.comment),
    allowQuotedRecordDelimiter: search.get("multiline") === "1",
  };
}

/** One of the words; the first where it is none of them. */
function oneOf<Word extends string>(text: string | null, words: readonly [Word, ...Word[]]): Word {
  return words.find((word) => word === text) ?? words[0];
}

function byteOf(text: string | null): number | null {
  if (text === null || !/^\d{1,15}$/.test(text)) return WHOLE.start;
  return Number(text);
}

function isAscii(text: string): boolean {
  return [...text].every((each) => each <= "\u007f");
}
