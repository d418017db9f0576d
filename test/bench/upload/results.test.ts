import fc from "fast-check";
import { expect, test } from "vitest";
import { isOutOfTheRace, secondsOf, spreadOf, type Entry } from "./results.ts";
import type { RunOutcome } from "./run.ts";

const finished = (seconds: number): RunOutcome => ({
  kind: "finished",
  figures: {
    seconds,
    cpuSeconds: 0,
    memoryBytes: 0,
    backendRequests: 0,
    storageRequests: null,
    sentAgain: null,
    longTasksMs: [],
  },
});
const UNFINISHED: RunOutcome = { kind: "unfinished", why: "stalled", seconds: 60 };
const entry = (role: Entry["role"], ...outcomes: RunOutcome[]): Entry => ({
  name: role,
  role,
  outcomes,
});

test("the median lies between the extremes, as many values below it as above", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1 }), (values) => {
      const { min, median, max } = spreadOf(values) ?? { min: NaN, median: NaN, max: NaN };
      expect([min, max]).toEqual([Math.min(...values), Math.max(...values)]);
      const below = values.filter((value) => value < median).length;
      const above = values.filter((value) => value > median).length;
      expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
    }),
  );
  expect(spreadOf([])).toBeNull();
  expect(spreadOf([4, 1, 3, 2])?.median).toBe(2.5);
});

test("runs that did not finish have no seconds", () => {
  expect(secondsOf(entry("peer", UNFINISHED, finished(3)))?.median).toBe(3);
  expect(secondsOf(entry("peer", UNFINISHED))).toBeNull();
});

test("who did not finish, or is far behind after two runs, need not go on; Sluice always does", () => {
  const ours = entry("sluice", finished(1));
  const isOut = (other: Entry) => isOutOfTheRace(other, [ours, other]);
  expect(isOut(entry("peer", UNFINISHED))).toBe(true);
  expect(isOut(entry("uppy6", finished(12)))).toBe(false);
  expect(isOut(entry("uppy6", finished(12), finished(12)))).toBe(true);
  expect(isOut(entry("peer", finished(2.5), finished(2.5), finished(2.5)))).toBe(false);
  expect(isOutOfTheRace(entry("sluice", UNFINISHED, UNFINISHED), [ours])).toBe(false);
});

test("a loop that is no candidate for the ceiling stops after its first run", () => {
  const best = entry("ceiling", finished(10));
  const isOut = (other: Entry) => isOutOfTheRace(other, [best, other]);
  expect(isOut(entry("ceiling", finished(11)))).toBe(false);
  expect(isOut(entry("ceiling", finished(13)))).toBe(true);
  expect(isOut(entry("ceiling"))).toBe(false);
});
