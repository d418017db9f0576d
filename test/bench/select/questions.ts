import { literalOf } from "../../duckdb/literal.ts";
import { COLUMNS } from "./dataset-rows.ts";
import type { Format } from "./dataset.ts";

/** A question, asked of whatever format in each engine's own words. */
export interface Question {
  readonly id: "Q1" | "Q2" | "Q3" | "first";
  readonly title: string;
  readonly items: (price: string) => string;
  readonly where: (price: string) => string | null;
  readonly limit: number | null;
}

export const QUESTIONS: readonly Question[] = [
  {
    id: "Q1",
    title: "two columns where price > 990",
    items: () => "s.name, s.price",
    where: (price) => `${price} > 990`,
    limit: null,
  },
  {
    id: "Q2",
    title: "COUNT where status = 'active'",
    items: () => "COUNT(*)",
    where: () => "s.status = 'active'",
    limit: null,
  },
  {
    id: "Q3",
    title: "SUM and AVG of price",
    items: (price) => `SUM(${price}), AVG(${price})`,
    where: () => null,
    limit: null,
  },
];

/** The first rows of all. */
export const FIRST_ROWS: Question = {
  id: "first",
  title: "two columns, LIMIT 10",
  items: () => "s.name, s.price",
  where: () => null,
  limit: 10,
};

/** A question in S3 Select's SQL. */
export function selectSql(question: Question, format: Format): string {
  return sqlOf(question, "S3Object s", isText(format) ? "CAST(s.price AS FLOAT)" : "s.price");
}

/** The same in DuckDB's, of the file at `path`. */
export function duckDbSql(question: Question, format: Format, path: string): string {
  const price = isText(format) ? "CAST(s.price AS DOUBLE)" : "s.price";
  return sqlOf(question, `${duckDbTable(format, path)} s`, price);
}

/** The file as a table of DuckDB's, with all said that it would have to guess: CSV as text, as S3 Select has it. */
export function duckDbTable(format: Format, path: string): string {
  const file = literalOf(path);
  switch (format) {
    case "csv":
    case "csv.gz": {
      const columns = columnsOf(() => "VARCHAR");
      const compression = format === "csv" ? "none" : "gzip";
      return `read_csv(${file}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', new_line = '\\n', columns = ${columns}, compression = '${compression}')`;
    }
    case "ndjson": {
      const columns = columnsOf(({ type }) => type);
      return `read_json(${file}, format = 'newline_delimited', columns = ${columns})`;
    }
    case "parquet":
    case "sorted":
      return `read_parquet(${file})`;
  }
}

function sqlOf({ items, where, limit }: Question, from: string, price: string): string {
  const condition = where(price);
  return [
    `SELECT ${items(price)} FROM ${from}`,
    ...(condition === null ? [] : [`WHERE ${condition}`]),
    ...(limit === null ? [] : [`LIMIT ${limit}`]),
  ].join(" ");
}

function isText(format: Format): boolean {
  return format === "csv" || format === "csv.gz";
}

function columnsOf(typeOf: (column: (typeof COLUMNS)[number]) => string): string {
  return `{${COLUMNS.map((column) => `'${column.name}': '${typeOf(column)}'`).join(", ")}}`;
}
