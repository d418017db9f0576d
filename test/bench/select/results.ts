import { spreadOf, type Spread } from "../upload/results.ts";
import type { RunFigures, RunOutcome, Summary } from "./run.ts";
import type { Scenario } from "./scenario.ts";

/** All runs of one contestant with one question, in order. */
export interface Entry {
  readonly name: string;
  readonly outcomes: readonly RunOutcome[];
}

/** A question, and who answered it how. */
export interface CaseResult {
  readonly title: string;
  /** What there was to go through, after decompression; null where the first rows are enough. */
  readonly megabytes: number | null;
  readonly entries: readonly Entry[];
}

/** What one scenario measured. */
export type ScenarioResult = Pick<
  Scenario,
  "id" | "title" | "measure" | "comparisons" | "mostMegabytes"
> & {
  readonly cases: readonly CaseResult[];
};

/** One figure over the runs that finished; null where none did, or where the figure is not known. */
export function figureOf(
  { outcomes }: Entry,
  figure: (figures: RunFigures) => number | null,
): Spread | null {
  const finished = outcomes.flatMap((outcome) =>
    outcome.kind === "finished" ? (figure(outcome.figures) ?? []) : [],
  );
  return spreadOf(finished);
}

/** How many times as fast one contestant was as another, by the medians; null where either did not finish. */
export function speedRatio(
  { entries }: CaseResult,
  measure: Scenario["measure"],
  ours: string,
  against: string,
): number | null {
  const medianOf = (name: string) => {
    const entry = entries.find((each) => each.name === name);
    return entry === undefined ? undefined : figureOf(entry, (each) => each[measure])?.median;
  };
  const [mine, theirs] = [medianOf(ours), medianOf(against)];
  return mine === undefined || theirs === undefined ? null : theirs / mine;
}

/** Sums of floats depend on their order, from about the twelfth digit on. */
const SAME_WITHIN = 1e-9;

/** Why two answers are not the same; null where they are. */
export function disagreement(a: Summary, b: Summary): string | null {
  if (a.hash === b.hash) return null;
  if (a.rowCount !== b.rowCount) return `${a.rowCount} rows against ${b.rowCount} rows`;
  const [left, right] = [a.values, b.values];
  if (left === null || right === null) return "other rows";
  const isSame =
    left.length === right.length && left.every((value, index) => isClose(value, right[index]));
  return isSame ? null : `${JSON.stringify(left)} against ${JSON.stringify(right)}`;
}

function isClose(a: unknown, b: unknown): boolean {
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  return Math.abs(a - b) <= SAME_WITHIN * Math.max(Math.abs(a), Math.abs(b));
}
