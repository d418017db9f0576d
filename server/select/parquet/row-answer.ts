import type { AccumulatorState } from "../evaluate/accumulators.ts";
import { follow } from "../evaluate/paths.ts";
import { Answer } from "../output/answer.ts";
import type { RecordWriter } from "../output/record-writer.ts";
import { planJson, wholeValue } from "../scan-json.ts";
import type { PathStep, Query } from "../sql/syntax.ts";
import type { Timestamp } from "../values/timestamp.ts";
import { List, MISSING, type Value } from "../values/value.ts";
import type { Column } from "./bind-record.ts";

/** What becomes of the rows that are wanted. */
export interface RowAnswer {
  /** Takes a row, which is at hand; answers whether more are wanted. */
  take(row: number): boolean;
  /** Takes in what aggregates hold of other rows. */
  merge(states: readonly AccumulatorState[]): void;
  end(): void;
  takeBytes(): Uint8Array;
}

/**
 * An answer about what lies within rows, by the path behind FROM.
 * @param column that the path begins with
 * @param rest of the path, from its values on
 */
export function answerWithin(
  query: Query,
  column: Column | null,
  rest: readonly PathStep[],
  writer: RecordWriter,
  now: Timestamp,
): RowAnswer {
  const answer = new Answer(planJson(query, now), writer, wholeValue);
  return {
    take(row) {
      const value = column === null ? MISSING : column.valueAt(row);
      return recordsIn(value, rest).every((record) => answer.take(record));
    },
    merge: (states) => answer.merge(states),
    end: () => answer.end(),
    takeBytes: () => answer.takeBytes(),
  };
}

/** Where a path leads to: to several records by wildcards, and to one that is MISSING where it leads nowhere. */
function recordsIn(value: Value, steps: readonly PathStep[]): readonly Value[] {
  const [step, ...rest] = steps;
  if (step === undefined || value === MISSING) return [value];
  if (step.kind !== "elements" && step.kind !== "values") {
    return recordsIn(follow(value, [step]), rest);
  }
  const all = follow(value, [step]);
  const found = all instanceof List ? all.items : [];
  return found.length === 0 ? [MISSING] : found.flatMap((each) => recordsIn(each, rest));
}
