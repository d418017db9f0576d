import { describe, expect, test } from "vitest";
import {
  arrange,
  matchingRows,
  NO_CRITERIA,
  ORDERS,
  type Criteria,
  type OrderBy,
} from "../../../../../web/app/admin/uploads/arrangement.ts";
import { setHeld } from "../../../../../web/app/admin/uploads/upload-table.ts";
import { anUpload, daysAgo, NOW_MS, tableOf } from "./some-uploads.ts";

const table = tableOf([
  anUpload("a.bin", { initiatedAt: daysAgo(40), initiator: "zoe", abortsAt: daysAgo(-3) }),
  anUpload("films/b.mov", { liveness: "uploading", owner: "Ann", fileSizeBytes: 1000 }),
  anUpload("films/C (1).mov", { liveness: "abandoned", owner: "bob", initiatedAt: daysAgo(8) }),
  anUpload("z+.bin", { storageClass: "GLACIER_IR", abortsAt: daysAgo(-1) }),
]);
setHeld(table, 1, {
  partCount: 3,
  sizeBytes: 500,
  lastPartAt: daysAgo(0),
  fileName: "Holiday.mov",
});
setHeld(table, 2, { partCount: 1, sizeBytes: 2000, lastPartAt: daysAgo(8) });
setHeld(table, 3, { partCount: 0, sizeBytes: 0, lastPartAt: null });

const matching = (criteria: Partial<Criteria>) => [
  ...matchingRows(table, { ...NO_CRITERIA, ...criteria }, NOW_MS),
];

describe("matchingRows", () => {
  test.each<[Partial<Criteria>, number[]]>([
    [{}, [0, 1, 2, 3]],
    [{ search: "MOV" }, [1, 2]],
    [{ search: "holiday" }, [1]],
    [{ search: "BOB" }, [2]],
    [{ search: "(1).m" }, [2]],
    [{ search: "+" }, [3]],
    [{ search: "a-z" }, []],
    [{ prefix: "films/" }, [1, 2]],
    [{ prefix: "Films/" }, []],
    [{ liveness: "uploading" }, [1]],
    [{ liveness: "unknown", olderThanDays: 7 }, [0]],
    [{ olderThanDays: 7 }, [0, 2]],
    [{ olderThanDays: 0 }, [0, 1, 2, 3]],
    [{ leastBytes: 1000 }, [2]],
  ])("%j", (criteria, rows) => {
    expect(matching(criteria)).toEqual(rows);
  });

  test("leaves out what has ended", () => {
    const ended = tableOf([anUpload("a"), anUpload("b")]);
    ended.ends.set(0, "gone");
    expect([...matchingRows(ended, NO_CRITERIA, NOW_MS)]).toEqual([1]);
  });
});

describe("arrange", () => {
  const all = matchingRows(table, NO_CRITERIA, NOW_MS);
  const by = (by: OrderBy, isDescending = false) => [...arrange(table, all, { by, isDescending })];

  test.each<[OrderBy, number[], number[]]>([
    ["key", [0, 1, 2, 3], [3, 2, 1, 0]],
    ["started", [0, 2, 1, 3], [1, 3, 2, 0]],
    ["held", [3, 1, 2, 0], [2, 1, 3, 0]],
    ["parts", [3, 2, 1, 0], [1, 2, 3, 0]],
    ["last-part", [2, 1, 0, 3], [1, 2, 0, 3]],
    ["percent", [1, 0, 2, 3], [1, 0, 2, 3]],
    ["liveness", [1, 2, 0, 3], [0, 3, 2, 1]],
    ["who", [1, 2, 0, 3], [2, 1, 0, 3]],
    ["initiator", [0, 1, 2, 3], [0, 1, 2, 3]],
    ["class", [3, 0, 1, 2], [0, 1, 2, 3]],
    ["cost", [3, 1, 2, 0], [2, 1, 3, 0]],
    ["ends", [3, 0, 1, 2], [0, 3, 1, 2]],
  ])("%s", (order, ascending, descending) => {
    expect(by(order)).toEqual(ascending);
    expect(by(order, true)).toEqual(descending);
  });

  test("100,000 rows are filtered and put in order within a few frames", () => {
    const many = tableOf(
      Array.from({ length: 100_000 }, (_, index) =>
        anUpload(`films/${index}/part of a longer key.mov`, { initiatedAt: daysAgo(index % 97) }),
      ),
    );
    const times = ORDERS.map((by) => {
      const startedAt = performance.now();
      const rows = matchingRows(
        many,
        { ...NO_CRITERIA, search: "LONGER", olderThanDays: 2 },
        NOW_MS,
      );
      expect(arrange(many, rows, { by, isDescending: true })).toHaveLength(rows.length);
      return performance.now() - startedAt;
    });
    const [median = 0] = times.toSorted((a, b) => a - b).slice(6);
    console.log(
      `    100,000 rows filtered and ordered in ${median.toFixed(0)} ms, median of all orders`,
    );
    // By the clock, on machines that have other things to do.
    expect(median).toBeLessThan(500);
  });
});
