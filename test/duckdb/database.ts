import { DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";

/** The rows that a query gives. */
export interface Rows {
  readonly names: readonly string[];
  readonly rows: readonly (readonly DuckDBValue[])[];
}

/** A DuckDB in memory. */
export interface Database {
  /** Runs a statement to its end. */
  run(sql: string): Promise<void>;
  /** Runs a query to its end. */
  query(sql: string): Promise<Rows>;
  close(): void;
}

/** Opens a DuckDB that uses so many threads. */
export async function openDatabase(threads: number): Promise<Database> {
  const instance = await DuckDBInstance.create(":memory:", { threads: String(threads) });
  const connection = await instance.connect();
  return {
    async run(sql) {
      await connection.run(sql);
    },
    async query(sql) {
      const result = await connection.run(sql);
      return { names: result.columnNames(), rows: await result.getRows() };
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
