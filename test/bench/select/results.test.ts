import { expect, test } from "vitest";
import { disagreement, figureOf, speedRatio, type Entry } from "./results.ts";
import type { RunOutcome, Summary } from "./run.ts";
import { rowsOfLines, summaryOf } from "./answer.mjs";

const finished = (seconds: number): RunOutcome => ({
  kind: "finished",
  figures: {
    seconds,
    cpuSeconds: seconds * 2,
    memoryBytes: 0,
    bytesRead: null,
    answer: summaryOf([]),
  },
});
const UNFINISHED: RunOutcome = { kind: "unfinished", why: "no such format" };
const entry = (name: string, ...outcomes: RunOutcome[]): Entry => ({ name, outcomes });
const answer = (...rows: unknown[][]): Summary => summaryOf(rows);

test("rows are the same whatever their order", () => {
  const lines = rowsOfLines('{"x":"b","y":2}\n{"x":"a","y":1}\n');
  expect(disagreement(answer(["a", 1], ["b", 2]), answer(...lines))).toBeNull();
  expect(disagreement(answer(["a"], ["b"]), answer(["a"], ["c"]))).toBe("other rows");
  expect(disagreement(answer(["a"]), answer(["a"], ["a"]))).toBe("1 rows against 2 rows");
});

test("totals are the same up to the order in which floats were added", () => {
  expect(disagreement(answer([0.1 + 0.2, 5]), answer([0.3, 5]))).toBeNull();
  expect(disagreement(answer([300]), answer([301]))).toBe("[300] against [301]");
  expect(disagreement(answer([null]), answer([0]))).toBe("[null] against [0]");
});

test("ratios are those of medians, and there are none without a run that finished", () => {
  const entries = [
    entry("Sluice", finished(1), finished(2), finished(9)),
    entry("DuckDB", finished(6), finished(5)),
    entry("zlib", UNFINISHED),
  ];
  const one = { title: "", megabytes: 1, entries };
  expect(speedRatio(one, "seconds", "Sluice", "DuckDB")).toBe(2.75);
  expect(speedRatio(one, "cpuSeconds", "DuckDB", "Sluice")).toBe(4 / 11);
  expect(speedRatio(one, "seconds", "Sluice", "zlib")).toBeNull();
  expect(speedRatio(one, "seconds", "Sluice", "nobody")).toBeNull();
});

test("a figure that an engine does not say has no spread", () => {
  const sluice = entry("Sluice", finished(1));
  expect(figureOf(sluice, ({ bytesRead }) => bytesRead)).toBeNull();
  expect(figureOf(sluice, ({ seconds }) => seconds)).toEqual({ min: 1, median: 1, max: 1 });
});
