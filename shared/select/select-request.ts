import type { CsvInput } from "./csv-input.ts";
import type { CsvOutput, JsonOutput } from "./output.ts";

/** What the object's bytes are wrapped in. */
export type Compression = "NONE" | "GZIP" | "BZIP2";

export type SelectInput =
  | { readonly format: "CSV"; readonly compression: Compression; readonly csv: CsvInput }
  | {
      readonly format: "JSON";
      readonly compression: Compression;
      /** One document or many, or one value a line. */
      readonly type: "DOCUMENT" | "LINES";
    }
  /** Its pages are compressed one by one, which it says itself. */
  | { readonly format: "PARQUET"; readonly compression: "NONE" };

export type SelectOutput =
  | { readonly format: "CSV"; readonly csv: CsvOutput }
  | { readonly format: "JSON"; readonly json: JsonOutput };

/** Records that begin between two bytes, both included. Without `end` up to the last byte; without `start` the last `end` bytes. */
export interface ScanRange {
  readonly start?: number;
  readonly end?: number;
}

/**
 * A query about one object.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_SelectObjectContent.html
 */
export interface SelectRequest {
  readonly sql: string;
  readonly input: SelectInput;
  readonly output: SelectOutput;
  readonly scanRange?: ScanRange;
}

/** Bytes so far: read from the object, after decompression, and answered. */
export interface SelectCounts {
  readonly bytesScanned: number;
  readonly bytesProcessed: number;
  readonly bytesReturned: number;
}

/** What a query answers, in order: records and progress, and in the end the counts once. */
export type SelectEvent =
  | { readonly type: "records"; readonly payload: Uint8Array }
  | { readonly type: "progress" | "stats"; readonly counts: SelectCounts };
