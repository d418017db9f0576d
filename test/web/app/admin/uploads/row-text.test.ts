import { describe, expect, test } from "vitest";
import { costText, describeRow, endsText } from "../../../../../web/app/admin/uploads/row-text.ts";
import { rowMove } from "../../../../../web/app/admin/uploads/row-move.ts";
import { createSlots } from "../../../../../web/app/admin/uploads/row-slots.ts";
import { setHeld } from "../../../../../web/app/admin/uploads/upload-table.ts";
import { anUpload, daysAgo, NOW_MS, tableOf } from "./some-uploads.ts";

const HOUR_MS = 3_600_000;

describe("a row in words", () => {
  const table = tableOf([
    anUpload("films/a.mov", { liveness: "uploading", fileSizeBytes: 4000, abortsAt: daysAgo(-4) }),
    anUpload("b", { liveness: "paused", heardAt: daysAgo(3 / 24) }),
    anUpload("c", { liveness: "abandoned", heardAt: daysAgo(5), fileSizeBytes: 1000 }),
    anUpload("d", { initiator: "arn:x" }),
  ]);
  setHeld(table, 0, {
    partCount: 1,
    sizeBytes: 1000,
    lastPartAt: daysAgo(0),
    owner: "ann",
    fileName: "a.mov",
  });
  setHeld(table, 1, { partCount: 0, sizeBytes: 0, lastPartAt: null, fileName: "other.mov" });

  test("tells the living from those that are left", () => {
    const row = (index: number) => describeRow(table, index, NOW_MS);
    expect(row(0)).toMatchObject({
      about: "by ann",
      life: "Uploading now",
      lifeNote: "25 % of 4.0 kB",
      held: "1.0 kB",
      parts: "1 part",
      lastPart: "just now",
      ends: "in 4 days",
    });
    expect(row(1)).toMatchObject({
      about: "“other.mov”",
      life: "Paused 3 hours ago",
      held: "0 bytes",
      lastPart: "none",
      cost: "$0",
      ends: "no rule",
    });
    expect(row(2)).toMatchObject({
      life: "Abandoned",
      lifeNote: "of 1.0 kB, heard 5 days ago",
      held: "…",
      cost: "",
    });
    expect(row(3)).toMatchObject({
      life: "Unknown",
      lifeNote: "not opened here",
      initiator: "arn:x",
    });
    expect(describeRow(table, 3, NOW_MS, true).held).toBe("could not be counted");
  });

  test("says when a rule ends it, and what it costs", () => {
    expect(endsText(NOW_MS - 1, NOW_MS)).toBe("due");
    expect(endsText(NOW_MS + 5 * HOUR_MS, NOW_MS)).toBe("in 5 hours");
    expect(costText(0.00001)).toBe("less than $0.0001");
    expect(costText(12.5)).toBe("$12.50");
  });
});

describe("rows on the screen", () => {
  test.each([
    ["ArrowDown", 4, 5],
    ["ArrowDown", 9, 9],
    ["ArrowUp", 0, 0],
    ["PageDown", 4, 8],
    ["PageUp", 2, 0],
    ["Home", 5, 0],
    ["End", 5, 9],
    ["x", 5, null],
  ])("%s from %d leads to %s", (key, from, to) => {
    expect(rowMove(key, from, 10, 4)).toBe(to);
  });

  test("take over what those that left were drawn with", () => {
    const slots = createSlots();
    const slotsOf = (first: number, end: number) => slots(first, end).map(({ slot }) => slot);
    expect(slotsOf(0, 4)).toEqual([0, 1, 2, 3]);
    expect(slotsOf(2, 6)).toEqual([2, 3, 0, 1]);
    expect(slotsOf(90, 94)).toEqual([2, 3, 0, 1]);
    expect(slotsOf(0, 5)).toEqual([2, 3, 0, 1, 4]);
  });
});
