/** DuckDB for those who are not in this folder, where it is installed. */
export { DuckDBInstance } from "@duckdb/node-api";
