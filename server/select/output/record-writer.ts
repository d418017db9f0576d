import type { Value } from "../values/value.ts";

/** Writes records of an answer as text. */
export interface RecordWriter {
  /**
   * One record, its delimiter included.
   * @throws SelectError where the format has no form for a value
   */
  write(names: readonly string[], values: readonly Value[]): string;
}
