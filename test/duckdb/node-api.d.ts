/**
 * What the bench and the oracle use of DuckDB. It is installed for them alone, so that types have to come from
 * here.
 */
declare module "@duckdb/node-api" {
  export type DuckDBValue = null | boolean | number | bigint | string | object;
  export interface DuckDBMaterializedResult {
    columnNames(): string[];
    getRows(): Promise<DuckDBValue[][]>;
  }
  export interface DuckDBConnection {
    run(sql: string): Promise<DuckDBMaterializedResult>;
    closeSync(): void;
  }
  export class DuckDBInstance {
    static create(path: string, options: Record<string, string>): Promise<DuckDBInstance>;
    connect(): Promise<DuckDBConnection>;
    closeSync(): void;
  }
}
