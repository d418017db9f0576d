import fc from "fast-check";
import { DEFAULT_CSV_INPUT } from "../../shared/select/csv-input.ts";
import type { SelectInput } from "../../shared/select/select-request.ts";
import { EIGHTHS, MOMENT, NUMBER_LIKE, SHORT_TEXT } from "./texts.ts";

/** Some rows as an object has them. */
export interface Table {
  readonly input: SelectInput;
  /** As CSV or lines of JSON, before compression. */
  readonly text: string;
  /** In pieces of so many bytes they arrive. */
  readonly pieceBytes: number;
  /** How DuckDB writes them as Parquet; null where the text is the object. */
  readonly parquet: ParquetOptions | null;
}

export interface ParquetOptions {
  readonly codec: string;
  readonly version: string;
  /** The rows stand there so many times. */
  readonly repeat: number;
  /** In the order of `i`, so that statistics tell parts of the file from each other. */
  readonly isSorted: boolean;
}

const compression = fc.constantFrom("NONE" as const, "NONE" as const, "GZIP" as const);
const pieceBytes = fc.constantFrom(7, 64, 100_000);
const integer = fc.oneof(fc.integer({ min: -12, max: 12 }), fc.integer({ min: -1000, max: 1000 }));
const MOST_ROWS = 24;

const csvRow = fc.record({
  i: integer.map(String),
  n: fc.oneof(integer.map(String), fc.constant("")),
  f: EIGHTHS,
  b: fc.constantFrom("true", "false", "TRUE", "no"),
  d: MOMENT,
  t: SHORT_TEXT,
  m: NUMBER_LIKE,
  u: fc.option(SHORT_TEXT),
});

/** The columns of CSV in their order. */
export const CSV_COLUMNS = ["i", "n", "f", "b", "d", "t", "m", "u"];

/** Ways to write CSV. */
const DIALECTS = [
  { fieldDelimiter: ",", quote: '"', quoteEscape: '"' },
  { fieldDelimiter: ";", quote: '"', quoteEscape: '"' },
  { fieldDelimiter: "\t", quote: "'", quoteEscape: "'" },
  { fieldDelimiter: "|", quote: '"', quoteEscape: "\\" },
] as const;

/** Quotes where they have to be, and where they need not. */
function csvField(
  text: string,
  isQuoted: boolean,
  { fieldDelimiter, quote, quoteEscape }: (typeof DIALECTS)[number],
): string {
  const needsQuotes = [fieldDelimiter, quote, "\n"].some((each) => text.includes(each));
  if (!isQuoted && !needsQuotes) return text;
  return `${quote}${text.replaceAll(quote, quoteEscape + quote)}${quote}`;
}

/** CSV with a header; fields hold line feeds where those are allowed, rows may end before the last column, and any field may be quoted. */
export const CSV_TABLES: fc.Arbitrary<Table> = fc
  .record({
    rows: fc.array(csvRow, { maxLength: MOST_ROWS }),
    quoted: fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }),
    lineEnd: fc.constantFrom("\n", "\r\n"),
    isEnded: fc.boolean(),
    dialect: fc.constantFrom(DIALECTS[0], ...DIALECTS),
    allowsQuotedRecordDelimiter: fc.boolean(),
    compression,
    pieceBytes,
  })
  .map(({ rows, quoted, lineEnd, isEnded, dialect, compression, pieceBytes, ...allowed }) => {
    const isQuoted = (place: number) => quoted[place % quoted.length] ?? false;
    const lines = rows.map(({ i, n, f, b, d, t, m, u }, row) =>
      [i, n, f, b, d, t, m, ...(u === null ? [] : [u])]
        .map((text) => (allowed.allowsQuotedRecordDelimiter ? text : text.replaceAll("\n", "x")))
        .map((text, column) => csvField(text, isQuoted(row * 8 + column), dialect))
        .join(dialect.fieldDelimiter),
    );
    const header = CSV_COLUMNS.join(dialect.fieldDelimiter);
    const text = [header, ...lines].join(lineEnd) + (isEnded ? lineEnd : "");
    const csv = {
      ...DEFAULT_CSV_INPUT,
      header: "USE" as const,
      comment: "",
      ...dialect,
      ...allowed,
    };
    return { input: { format: "CSV", compression, csv }, text, pieceBytes, parquet: null };
  });

/** What is left out of a record is MISSING. */
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(fc.option(values), { nil: undefined });

const jsonRow = fc.record({
  i: integer,
  n: maybe(integer),
  f: EIGHTHS,
  t: SHORT_TEXT,
  u: maybe(SHORT_TEXT),
  b: maybe(fc.boolean()),
  d: MOMENT,
  o: maybe(fc.record({ k: maybe(integer), t: maybe(SHORT_TEXT) })),
  a: maybe(fc.array(integer, { maxLength: 2 })),
});

/** With its fraction written out, a number is a decimal even where it is whole. */
function jsonLines(rows: readonly (object & { readonly f: string })[]): string {
  return rows
    .map(({ f, ...row }) => `${JSON.stringify(row).replace(/^\{/u, `{"f":${f},`)}\n`)
    .join("");
}

const jsonRows = fc.array(jsonRow, { maxLength: MOST_ROWS });

/** JSON, as lines and as documents one after the other, in which values, keys and structures may be NULL or MISSING. */
export const JSON_TABLES: fc.Arbitrary<Table> = fc
  .record({
    rows: jsonRows,
    compression,
    type: fc.constantFrom("LINES" as const, "LINES" as const, "DOCUMENT" as const),
    pieceBytes,
  })
  .map(({ rows, compression, type, pieceBytes }) => ({
    input: { format: "JSON", compression, type },
    text: jsonLines(rows),
    pieceBytes,
    parquet: null,
  }));

/** The same rows as Parquet, in one row group or several. */
export const PARQUET_TABLES: fc.Arbitrary<Table> = fc
  .record({
    rows: jsonRows,
    pieceBytes: fc.constant(100_000),
    parquet: fc.record({
      codec: fc.constantFrom("uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4_raw"),
      version: fc.constantFrom("V1", "V2"),
      repeat: fc.constantFrom(1, 1, 1, 200),
      isSorted: fc.boolean(),
    }),
  })
  .map(({ rows, ...options }) => ({
    input: { format: "PARQUET", compression: "NONE" },
    text: jsonLines(rows),
    ...options,
  }));
