import { rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { isOutOfTheRace, type Entry, type ScenarioResult } from "./results.ts";
import { runOnce, type RunOutcome } from "./run.ts";
import type { Scenario } from "./scenario.ts";
import { openStage, type StageDirs } from "./stage.ts";
import { writeBenchFiles } from "./bench-files.ts";
import type { Contestant } from "./contestant.ts";

/** What all scenarios share. */
export interface RaceSettings extends StageDirs {
  readonly rounds: number;
  readonly browserPath: string;
  /** Told after every run. */
  readonly onRun: (contestant: Contestant, outcome: RunOutcome) => void;
}

/** The files, what the store makes of them, and room to breathe. */
const DISK_FACTOR = 2.2;

/** Measures one scenario: every round, everyone that is still in the race uploads the same files once. */
export async function race(scenario: Scenario, settings: RaceSettings): Promise<ScenarioResult> {
  const { id, title, goals, contestants, files } = scenario;
  const lacking = lackOfDisk(settings.workDir, files.count * files.sizeBytes * DISK_FACTOR);
  if (lacking !== null) return { id, title, goals, entries: [], skipped: lacking };
  const filesDir = join(settings.workDir, "files");
  const benchFiles = writeBenchFiles(filesDir, files.count, files.sizeBytes);
  const stage = await openStage(scenario, settings);
  const outcomes = new Map<Contestant, RunOutcome[]>(contestants.map((each) => [each, []]));
  const entries = (): Entry[] =>
    [...outcomes].map(([{ name, role }, runs]) => ({ name, role, outcomes: runs }));
  try {
    for (
      let round = 0;
      round < Math.min(settings.rounds, scenario.maxRounds ?? Infinity);
      round++
    ) {
      for (const [index, contestant] of contestants.entries()) {
        const entry = entries()[index];
        if (entry === undefined || isOutOfTheRace(entry, entries())) continue;
        await stage.reseed(seedOf(round));
        const outcome = await runOnce(
          stage,
          contestant,
          benchFiles,
          settings.browserPath,
          scenario.timeLimitSeconds,
        );
        outcomes.get(contestant)?.push(outcome);
        settings.onRun(contestant, outcome);
      }
    }
  } finally {
    await stage.close();
    rmSync(filesDir, { recursive: true, force: true });
  }
  return { id, title, goals, entries: entries(), skipped: null };
}

/**
 * A row has few requests, and with an unlucky seed the first hundred meet no fault: these seeds draw one
 * among the first dozen or two, as 3 % of all requests do on average.
 */
const SEEDS = [7, 5, 3, 6, 2];

function seedOf(round: number): number {
  return (SEEDS[round % SEEDS.length] ?? 0) + 100 * Math.floor(round / SEEDS.length);
}

function lackOfDisk(dir: string, neededBytes: number): string | null {
  const { bavail, bsize } = statfsSync(dir);
  if (bavail * bsize >= neededBytes) return null;
  return `it needs ${Math.ceil(neededBytes / 1e9)} GB of disk`;
}
