import { expect, test } from "vitest";
import { report } from "./report.ts";
import type { Entry } from "./results.ts";
import type { RunOutcome } from "./run.ts";

const ran = (seconds: number): RunOutcome => ({
  kind: "finished",
  figures: {
    seconds,
    cpuSeconds: 1.5,
    memoryBytes: 12e6,
    backendRequests: 2,
    storageRequests: { PUT: 19, OPTIONS: 19 },
    sentAgain: 0.013,
    longTasksMs: [60, 80],
  },
});
const stuck: RunOutcome = { kind: "unfinished", why: "not done after 60 s", seconds: 60 };

function row(entries: readonly Entry[]): string {
  const result = { id: "x", title: "Row", goals: { uppy6: 4, peer: 2, ceiling: 0.9 }, entries };
  return report([{ ...result, skipped: null }]);
}

const ours: Entry = { name: "Sluice", role: "sluice", outcomes: [ran(2), ran(3), ran(2)] };
const loop: Entry = { name: "loop", role: "ceiling", outcomes: [ran(1.9)] };
const uppy6: Entry = { name: "Uppy 6", role: "uppy6", outcomes: [ran(10)] };
const peer: Entry = { name: "Uppy 5", role: "peer", outcomes: [ran(3)] };
const tuned: Entry = { name: "Uppy 5, best", role: "tuned", outcomes: [ran(2.2)] };

test("medians are compared with what was asked for", () => {
  const text = row([ours, uppy6, peer, tuned, loop]);
  expect(text).toContain("5.00 × Uppy 6 (goal ≥ 4: met)");
  expect(text).toContain("1.50 × Uppy 5 (goal ≥ 2: missed)");
  expect(text).toContain("| 1.10 × Uppy 5, best |");
  expect(text).toContain("0.95 × loop (goal ≥ 0.9: met)");
});

test("costs are shown beside the times", () => {
  expect(row([ours])).toContain(
    "| Sluice | 3/3 | 2.00 | 2.00–3.00 | 1.00 | 1.5 | 12 | 2 | 19 PUT, 19 OPTIONS | 1.3 % | 80 |",
  );
});

test("who did not finish is named with the reason, and beaten", () => {
  const text = row([ours, { ...uppy6, outcomes: [stuck] }, loop]);
  expect(text).toContain("did not finish (not done after 60 s)");
  expect(text).toContain("alone finished (goal ≥ 4)");
  const unfinished = row([{ ...ours, outcomes: [stuck] }, uppy6]);
  expect(unfinished).toContain("not finished (goal ≥ 4)");
});

test("a row that could not be measured says why", () => {
  const skipped = { id: "x", title: "Row", goals: {}, entries: [], skipped: "no namespaces" };
  expect(report([skipped])).toContain("### Row\n\nNot measured: no namespaces.");
});
