import { expect, test } from "vitest";
import { formatTinyUsd } from "../../../../../web/app/format/price.ts";
import { costLines } from "../../../../../web/app/query/cost/cost-lines.ts";
import {
  formatElapsed,
  outcomeText,
  progressOf,
  runFacts,
} from "../../../../../web/app/query/run/progress-text.ts";
import { describeQueryProblem } from "../../../../../web/app/query/run/query-problem-text.ts";

const counts = { bytesScanned: 5e8, bytesProcessed: 5e8, bytesReturned: 1e6 };

test("a query under way says how far it is", () => {
  const facts = { counts, rowCount: 12_345, elapsedMs: 2000, sizeBytes: 1e9 };
  expect(progressOf(facts)).toBe(0.5);
  expect(runFacts(facts).map(({ text }) => text)).toEqual([
    "12,345",
    "500 MB of 1.0 GB (50 %)",
    "1.0 MB",
    "2.0 s",
    "250 MB/s",
  ]);
});

test("as long as nothing is counted, nothing is claimed", () => {
  const facts = { counts: null, rowCount: 0, elapsedMs: 0, sizeBytes: 0 };
  expect(progressOf(facts)).toBe(0);
  expect(runFacts(facts).map(({ text }) => text)).toEqual(["0", "–", "–", "0 ms", "–"]);
});

test("spans are short", () => {
  expect([84, 1234, 59_999, 125_000].map(formatElapsed)).toEqual([
    "84 ms",
    "1.2 s",
    "60.0 s",
    "2 min 5 s",
  ]);
});

test("an end has its word", () => {
  const done = { kind: "done", engine: "embedded" } as const;
  expect(outcomeText({ ...done, isCached: false })).toBe("Done");
  expect(outcomeText({ ...done, isCached: true })).toBe("Done, from the cache");
  expect(outcomeText({ kind: "stopped" })).toBe("Stopped");
});

test("prices are said to the digit that matters", () => {
  expect([1.2, 0.0207, 0.000512, 0.0000004].map(formatTinyUsd)).toEqual([
    "$1.20",
    "$0.021",
    "$0.00051",
    "$0.0000004",
  ]);
  const gib = 1024 ** 3;
  const lines = costLines({ ...counts, bytesScanned: 10 * gib }, 10 * gib, "native");
  expect(lines[1]?.term).toBe("S3 Select (answered this)");
  expect(lines.map(({ price }) => price)).toEqual(["$0.00051", "$0.02", "$0.90"]);
});

test("problems are told to who asks, not to who uploads", () => {
  expect(describeQueryProblem("not-found").remedy).toContain("Choose another");
  expect(describeQueryProblem("bucket-missing").sentence).toContain("bucket");
  expect(describeQueryProblem("made-up").sentence).toBe("Something went wrong.");
});
