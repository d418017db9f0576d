import { describe, expect, test } from "vitest";
import { abortLabel } from "../../../../../web/app/admin/uploads/abort-label.ts";
import {
  heldText,
  livesText,
  namesOf,
  planAbort,
} from "../../../../../web/app/admin/uploads/abort-plan.ts";
import type { AbortTally } from "../../../../../web/app/admin/uploads/abort-run.ts";
import { abortSummary, groupFailures } from "../../../../../web/app/admin/uploads/abort-summary.ts";
import { NO_CRITERIA } from "../../../../../web/app/admin/uploads/arrangement.ts";
import { boardSentence } from "../../../../../web/app/admin/uploads/board-sentence.ts";
import { sumUp } from "../../../../../web/app/admin/uploads/upload-sums.ts";
import { setHeld } from "../../../../../web/app/admin/uploads/upload-table.ts";
import { anUpload, daysAgo, tableOf } from "./some-uploads.ts";

const NOTHING: AbortTally = {
  total: 0,
  aborted: 0,
  freedBytes: 0,
  unmeasured: 0,
  completed: [],
  live: [],
  failed: new Map(),
};

describe("what is about to go", () => {
  const table = tableOf([
    anUpload("a", { liveness: "uploading" }),
    anUpload("b", { initiatedAt: daysAgo(9) }),
    anUpload("c", { liveness: "paused" }),
    anUpload("d"),
  ]);
  setHeld(table, 0, { partCount: 1, sizeBytes: 2000, lastPartAt: null });
  table.ends.set(3, "gone");

  test("is counted, those that are alive apart", () => {
    const plan = planAbort(table, [0, 1, 2, 3]);
    expect(plan).toMatchObject({ rows: [0, 1, 2], live: [0], others: [1, 2] });
    const sums = sumUp(table, plan.rows);
    expect(heldText(sums)).toBe("at least 2.0 kB; 2 uploads not measured yet");
    expect(livesText(sums)).toBe("1 uploading now, 1 paused, 1 unknown");
    expect(sums.oldestMs).toBe(Date.parse(daysAgo(9)));
    expect(namesOf(table, plan.rows, 2)).toEqual({ keys: ["a", "b"], more: 1 });
  });

  test("stands on the button", () => {
    expect(abortLabel(2, 9, NO_CRITERIA)).toBe("Abort 2 chosen…");
    expect(abortLabel(0, 9, NO_CRITERIA)).toBe("Abort all 9…");
    const old = { ...NO_CRITERIA, olderThanDays: 0 };
    expect(abortLabel(0, 1200, old)).toBe("Abort all 1,200 older than 0 days…");
    expect(abortLabel(0, 9, { ...old, search: "x" })).toBe("Abort all 9 that match…");
  });
});

describe("what came of it", () => {
  test("leaves nothing out", () => {
    const tally: AbortTally = {
      total: 20,
      aborted: 10,
      freedBytes: 5_000_000,
      unmeasured: 3,
      completed: [1],
      live: [2, 3],
      failed: new Map([
        [4, { code: "storage-denied", detail: "no" }],
        [5, { code: "storage-busy", detail: "slow" }],
        [6, { code: "storage-busy", detail: "slow" }],
      ]),
    };
    expect(abortSummary(tally, true, 1)).toEqual([
      "10 uploads aborted, at least 5.0 MB (3 were not measured) freed.",
      "1 upload became an object meanwhile, which stays.",
      "2 uploads are being sent right now and go on.",
      "1 upload was left out: it is being sent.",
      "3 uploads could not be aborted.",
      "Stopped: 4 uploads left as they were.",
    ]);
    expect(groupFailures(tally)).toEqual([
      { code: "storage-busy", detail: "slow", rows: [5, 6] },
      { code: "storage-denied", detail: "no", rows: [4] },
    ]);
  });

  test("is told to those who do not see it", () => {
    const listing = { kind: "listing" as const };
    const sums = { count: 1200 };
    expect(boardSentence({ run: null, spared: 0, listing, sums })).toBe(
      "1,200 uploads listed so far.",
    );
    const tally = { ...NOTHING, total: 9, aborted: 3 };
    expect(boardSentence({ run: { tally, isOver: false }, spared: 0, listing, sums })).toBe(
      "Aborting: 3 of 9.",
    );
    const complete = { kind: "complete" as const };
    expect(boardSentence({ run: null, spared: 0, listing: complete, sums: { count: 0 } })).toBe(
      "Nothing forgotten here.",
    );
  });
});
