import type { Compression } from "./select-request.ts";

/** What the values of a column look like, as far as they were looked at. */
export type ColumnType =
  "integer" | "decimal" | "bool" | "timestamp" | "string" | "nested" | "null";

/** A column, or a key that records have. */
export interface DetectedColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** What an object seems to be. */
export interface DetectedSchema {
  readonly format: "csv" | "json" | "parquet";
  readonly compression: Compression;
  /** How CSV is written. */
  readonly csv?: {
    readonly header: "use" | "none";
    readonly fieldDelimiter: string;
    readonly recordDelimiter: string;
    readonly quote: string;
  };
  readonly json?: { readonly type: "document" | "lines" };
  readonly columns: readonly DetectedColumn[];
  /** The first records: their values as text, in the order of the columns; null where there is none. */
  readonly rows: readonly (readonly (string | null)[])[];
}
