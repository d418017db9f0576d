import type { AccumulatorState } from "../evaluate/accumulators.ts";
import type { Timestamp } from "../values/timestamp.ts";
import type { SelectInput, SelectOutput } from "../../../shared/select/select-request.ts";
import type { Answer } from "../output/answer.ts";
import type { Query } from "../sql/syntax.ts";
import type { Block } from "./block-memory.ts";

/** A query about blocks of one object. */
export interface BlockTask {
  readonly query: Query;
  readonly input: SelectInput;
  readonly output: SelectOutput;
  /** The names of the columns; null where the object has none that count. */
  readonly header: readonly string[] | null;
  readonly now: Timestamp;
}

/** What came of a block. */
export interface BlockAnswer {
  /** Records of the answer, in UTF-8. */
  readonly payload: Uint8Array;
  /** Where each of them ends, in bytes, where there may be too many of them; else nothing. */
  readonly recordEnds: readonly number[];
  /** What the aggregates hold of this block; null where there are none. */
  readonly states: readonly AccumulatorState[] | null;
  /** What ended it too soon, behind the records that are there; null where nothing did. */
  readonly error: unknown;
}

/**
 * Scans a block.
 * @param leftCount records that are wanted at most
 */
export type ScanBlock = (block: Block, leftCount: number) => BlockAnswer;

/** Lets a scan fill an answer; what the kernel has added up is what came first. */
export function answerOf<Row>(
  answer: Answer<Row>,
  scan: () => void,
  takeTotals: () => readonly AccumulatorState[] | null,
): BlockAnswer {
  let error: unknown = null;
  try {
    scan();
  } catch (thrown) {
    error = thrown;
  }
  const totals = takeTotals();
  if (totals !== null) answer.merge(totals);
  return {
    payload: answer.takeBytes(),
    recordEnds: answer.recordEnds(),
    states: answer.states(),
    error,
  };
}
