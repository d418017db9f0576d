import { DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";

export type { DuckDBValue } from "@duckdb/node-api";

/** A DuckDB in memory. */
export interface Database {
  /** Runs a statement to its end; the rows that it gives. */
  run(sql: string): Promise<readonly (readonly DuckDBValue[])[]>;
  close(): void;
}

/** Opens a DuckDB that uses so many threads. */
export async function openDatabase(threads: number): Promise<Database> {
  const instance = await DuckDBInstance.create(":memory:", { threads: String(threads) });
  const connection = await instance.connect();
  return {
    run: async (sql) => (await connection.run(sql)).getRows(),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A text as DuckDB's literal. */
export function literalOf(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
