import { describe, expect, test } from "vitest";
import {
  facts,
  headline,
  totalPercent,
  unfinishedCount,
} from "../../../../web/app/queue/totals-text.ts";
import { scriptedTotals, scriptedView } from "../scripted-uploader.ts";

const queued = scriptedView({ id: "q" });
const paused = scriptedView({ id: "p", state: { kind: "paused" } });
const cancelled = scriptedView({ id: "c", state: { kind: "cancelled" } });
const uploading = scriptedView({
  id: "u",
  state: { kind: "uploading" },
  sentBytes: 500,
  bytesPerSecond: 100,
});
const done = scriptedView({
  id: "d",
  state: { kind: "done", receipt: { key: "d", sizeBytes: 1000, etag: '"e"' } },
});
const failed = scriptedView({
  id: "f",
  state: { kind: "failed", problem: { code: "internal", detail: "" } },
});

describe("headline", () => {
  test("what moves outranks what waits, which outranks what was put aside", () => {
    expect(headline(scriptedTotals([paused, queued, uploading]))).toBe("Uploading");
    expect(headline(scriptedTotals([paused, queued]))).toBe("In the queue");
    expect(headline(scriptedTotals([paused, failed]))).toBe("Paused");
  });

  test("the end says what failed and what was cancelled", () => {
    expect(headline(scriptedTotals([done, done]))).toBe("All done");
    expect(headline(scriptedTotals([done, failed, failed]))).toBe("1 done, 2 failed");
    expect(headline(scriptedTotals([done, cancelled]))).toBe("1 done, 1 cancelled");
    expect(headline(scriptedTotals([failed, cancelled]))).toBe("1 failed, 1 cancelled");
    expect(headline(scriptedTotals([cancelled]))).toBe("Cancelled");
  });
});

test("facts leave out cancelled files and figures that say nothing", () => {
  expect(facts(scriptedTotals([paused, cancelled]))).toEqual(["0 of 1 file", "0 bytes of 2.0 kB"]);
  expect(facts(scriptedTotals([uploading]))).toEqual([
    "0 of 1 file",
    "500 bytes of 1.0 kB",
    "100 bytes/s",
    "a few seconds left",
  ]);
});

test("facts count the cancelled files where there are no others", () => {
  expect(facts(scriptedTotals([cancelled, cancelled]))).toEqual(["2 files"]);
});

test("totalPercent is 100 once everything wanted is there, and 0 where nothing was wanted", () => {
  const empty = scriptedView({ ...done, id: "e", sizeBytes: 0 });
  expect(totalPercent(scriptedTotals([empty, cancelled]))).toBe(100);
  expect(totalPercent(scriptedTotals([cancelled]))).toBe(0);
  expect(totalPercent(scriptedTotals([uploading]))).toBe(50);
});

test("unfinishedCount counts what a person could still stop", () => {
  expect(unfinishedCount(scriptedTotals([queued, paused, uploading, failed, cancelled]))).toBe(3);
});
