import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Database } from "../duckdb/database.ts";
import { literalOf } from "../duckdb/literal.ts";
import { CSV_COLUMNS, type ParquetOptions, type Table } from "./tables.ts";

const NESTED = "o: 'STRUCT(k INTEGER, t VARCHAR)', a: 'INTEGER[]'";
const JSON_COLUMNS = `i: 'BIGINT', n: 'BIGINT', f: 'DOUBLE', t: 'VARCHAR', u: 'VARCHAR', b: 'BOOLEAN', d: 'VARCHAR', ${NESTED}`;
/** The types of Parquet; what S3 Select takes for decimals is `f` and, because it has 64 bits, `n`. */
const PARQUET_COLUMNS = `i: 'INTEGER', n: 'BIGINT', f: 'DECIMAL(9, 3)', t: 'VARCHAR', u: 'VARCHAR', b: 'BOOLEAN', d: 'TIMESTAMP', ${NESTED}`;

/** Most rows of a row group: DuckDB writes no smaller ones. */
const ROW_GROUP_ROWS = 2048;

/**
 * Makes a table the one that is called `rows` in DuckDB.
 * @param folder for files
 * @returns the object that holds the same
 */
export async function loadTable(
  database: Database,
  folder: string,
  table: Table,
): Promise<Uint8Array> {
  const { input, text, parquet } = table;
  const path = join(folder, "rows");
  writeFileSync(path, text);
  const rows = `SELECT * FROM ${duckDbTable(table, literalOf(path))}`;
  await database.run(
    `CREATE OR REPLACE TABLE rows AS ${parquet === null ? rows : many(rows, parquet)}`,
  );
  if (parquet !== null) return writtenAsParquet(database, join(folder, "rows.parquet"), parquet);
  return input.compression === "GZIP" ? gzipSync(text) : Buffer.from(text);
}

function many(rows: string, { repeat, isSorted }: ParquetOptions): string {
  return `SELECT each.* FROM range(${repeat}), (${rows}) each${isSorted ? " ORDER BY i" : ""}`;
}

async function writtenAsParquet(
  database: Database,
  path: string,
  { codec, version }: ParquetOptions,
): Promise<Uint8Array> {
  const options = `FORMAT parquet, COMPRESSION ${codec}, PARQUET_VERSION ${version}, ROW_GROUP_SIZE ${ROW_GROUP_ROWS}`;
  await database.run(`COPY rows TO ${literalOf(path)} (${options})`);
  return readFileSync(path);
}

function duckDbTable({ input, text }: Table, file: string): string {
  if (input.format !== "CSV") {
    const columns = input.format === "JSON" ? JSON_COLUMNS : PARQUET_COLUMNS;
    return `read_json(${file}, format = 'newline_delimited', columns = {${columns}})`;
  }
  const names = CSV_COLUMNS.map((name) => `${name}: 'VARCHAR'`);
  const lineEnd = text.includes("\r\n") ? "\\r\\n" : "\\n";
  // Fields that are empty stay so, and those behind a row's end are NULL.
  const { fieldDelimiter, quote, quoteEscape } = input.csv;
  const written = `delim = ${literalOf(fieldDelimiter)}, quote = ${literalOf(quote)}, escape = ${literalOf(quoteEscape)}`;
  return `read_csv(${file}, auto_detect = false, header = true, ${written}, new_line = '${lineEnd}', nullstr = '\\N', null_padding = true, parallel = false, strict_mode = false, columns = {${names.join(", ")}})`;
}
