import type { Contestant } from "./contestant.ts";
import type { RunFigures, RunOutcome } from "./run.ts";
import type { Scenario } from "./scenario.ts";

/** All runs of one contestant in one scenario, in order. */
export interface Entry {
  readonly name: string;
  readonly role: Contestant["role"];
  readonly outcomes: readonly RunOutcome[];
}

/** One row of the table, measured or skipped. */
export type ScenarioResult = Pick<Scenario, "id" | "title" | "goals"> & {
  readonly entries: readonly Entry[];
  /** Why it was not measured, or null. */
  readonly skipped: string | null;
};

/** Smallest, middle and largest of some values. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Null where there are no values. */
export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) return null;
  const middle = sorted.length / 2;
  const pair = [sorted[Math.ceil(middle) - 1] ?? min, sorted[Math.floor(middle)] ?? max] as const;
  return { min, max, median: (pair[0] + pair[1]) / 2 };
}

/** Figures of the runs that finished. */
export function finishedRuns({ outcomes }: Pick<Entry, "outcomes">): RunFigures[] {
  return outcomes.flatMap((outcome) => (outcome.kind === "finished" ? [outcome.figures] : []));
}

/** Seconds of the runs that finished; null where none did. */
export function secondsOf(entry: Pick<Entry, "outcomes">): Spread | null {
  return spreadOf(finishedRuns(entry).map(({ seconds }) => seconds));
}

/** Whether a contestant's runs say enough, so that it takes no more turns. */
export function isOutOfTheRace(entry: Entry, all: readonly Entry[]): boolean {
  if (entry.role === "sluice" || entry.role === "unchecked") return false;
  if (entry.outcomes.some(({ kind }) => kind === "unfinished")) return true;
  const own = secondsOf(entry)?.median ?? 0;
  if (entry.role === "ceiling") return own > LOOP_SLACK * bestOf(all, "ceiling");
  const turns = entry.outcomes.length;
  return turns >= MIN_TURNS && turns * own >= PATIENCE * bestOf(all);
}

/** A loop that takes this many times as long as the best one is not the ceiling. */
const LOOP_SLACK = 1.25;

/** Nobody gets more than so many times the time of whoever is first, but two turns at least. */
const PATIENCE = 10;
const MIN_TURNS = 2;

function bestOf(entries: readonly Entry[], role?: Entry["role"]): number {
  const medians = entries
    .filter((entry) => role === undefined || entry.role === role)
    .flatMap((entry) => secondsOf(entry)?.median ?? []);
  return Math.min(...medians);
}
