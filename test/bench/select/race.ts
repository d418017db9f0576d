import type { DataFile, Dataset } from "./dataset.ts";
import { duckDbSql, selectSql } from "./questions.ts";
import { disagreement, type Entry, type ScenarioResult } from "./results.ts";
import {
  runOnce,
  type Asking,
  type RunFigures,
  type RunOutcome,
  type StoreAddress,
  type Task,
} from "./run.ts";
import type { Case, Contestant, Scenario } from "./scenario.ts";

export interface RaceSettings {
  readonly dataset: Dataset;
  /** The folder of the built server, as a URL. */
  readonly built: string;
  /** Holds the files under their paths; null where no contestant needs it. */
  readonly store: StoreAddress | null;
  readonly rounds: number;
  readonly onRun: (one: Case, contestant: Contestant, outcome: RunOutcome) => void;
}

/**
 * Lets all contestants answer all questions in turn, round by round. Who does not finish takes no more turns.
 * @throws Error where two answers differ
 */
export async function race(scenario: Scenario, settings: RaceSettings): Promise<ScenarioResult> {
  const { id, title, measure, comparisons, mostMegabytes } = scenario;
  const entries = scenario.cases.flatMap((one) =>
    scenario.contestants.map((contestant) => ({ one, contestant, outcomes: [] as RunOutcome[] })),
  );
  const rounds = Math.min(settings.rounds, scenario.maxRounds ?? Infinity);
  for (let round = 0; round < rounds; round += 1) {
    for (const { one, contestant, outcomes } of entries) {
      if (outcomes.some(({ kind }) => kind === "unfinished")) continue;
      const task = taskOf(one, contestant, settings, scenario.isCold ?? false);
      const outcome = await runOnce(task, contestant.cpus);
      outcomes.push(outcome);
      settings.onRun(one, contestant, outcome);
    }
    requireAgreement(entries);
  }
  return { id, title, measure, comparisons, mostMegabytes, cases: casesOf(scenario) };

  function casesOf({ cases }: Scenario): ScenarioResult["cases"] {
    return cases.map((one) => ({
      title: one.title,
      megabytes: megabytesOf(one),
      entries: entries
        .filter((entry) => entry.one === one)
        .map(({ contestant, outcomes }): Entry => ({ name: contestant.name, outcomes })),
    }));
  }

  function megabytesOf({ question, format, repeat }: Case): number | null {
    if (question.limit !== null) return null;
    return (settings.dataset[format].unpackedBytes * repeat) / 1e6;
  }
}

function taskOf(
  { question, format, repeat }: Case,
  { engine, threads, isRemote }: Contestant,
  { dataset, built, store }: RaceSettings,
  isCold: boolean,
): Task {
  const file: DataFile = dataset[format];
  const asking = (path: string, times: number): Asking => {
    const sql =
      engine === "duckdb" ? duckDbSql(question, format, path) : selectSql(question, format);
    return { sql, path, repeat: times };
  };
  return {
    engine,
    format,
    threads,
    built,
    store: isRemote ? store : null,
    warm: isCold ? null : asking(file.warmPath, 1),
    whole: asking(file.path, repeat),
  };
}

interface Answered {
  readonly one: Case;
  readonly contestant: Contestant;
  readonly outcomes: readonly RunOutcome[];
}

/** Who answers a question has to answer the same as the others. */
function requireAgreement(entries: readonly Answered[]): void {
  const firsts = new Map<Case, { name: string; figures: RunFigures }>();
  for (const { one, contestant, outcomes } of entries) {
    const last = outcomes.at(-1);
    const answers = contestant.engine === "sluice" || contestant.engine === "duckdb";
    if (last?.kind !== "finished" || !answers) continue;
    const first = firsts.get(one);
    if (first === undefined) {
      firsts.set(one, { name: contestant.name, figures: last.figures });
      continue;
    }
    const why = disagreement(first.figures.answer, last.figures.answer);
    if (why === null) continue;
    throw new Error(`${one.title}: ${first.name} and ${contestant.name} differ: ${why}`);
  }
}
