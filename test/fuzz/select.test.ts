import { expect, test } from "vitest";
import { attempt } from "./attempt.ts";
import { readCorpus } from "./corpus.ts";
import { trialOf } from "./trial.ts";

const SEED = 20_261_128;
const INPUTS = 2000;

/** Time of the processor, which does not pass while others have it; in microseconds. */
const MOST_CPU_US = 2_000_000;

test(`${INPUTS} random objects and queries are answered or refused, each in its time`, async () => {
  const corpus = readCorpus();
  const outcomes = new Set<string>();
  const slow: string[] = [];
  for (let index = 0; index < INPUTS; index += 1) {
    const before = process.cpuUsage();
    const trial = trialOf(SEED, index, corpus);
    outcomes.add(await attempt(trial).catch((error: unknown) => fail(index, error)));
    const { user, system } = process.cpuUsage(before);
    if (user + system > MOST_CPU_US) slow.push(`${trial.kind} ${index}`);
  }
  expect(slow).toEqual([]);
  // Neither of which would be a test of anything: all refused, or all answered.
  expect(outcomes).toContain("answered");
  expect(outcomes.size).toBeGreaterThan(20);
}, 120_000);

test("an input is the same each time", () => {
  const corpus = readCorpus();
  expect(trialOf(1, 2, corpus)).toEqual(trialOf(1, 2, corpus));
  expect(trialOf(1, 2, corpus)).not.toEqual(trialOf(1, 3, corpus));
});

function fail(index: number, cause: unknown): never {
  throw new Error(`input ${index} of seed ${SEED}`, { cause });
}
