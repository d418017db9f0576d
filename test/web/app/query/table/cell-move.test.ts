import { describe, expect, test } from "vitest";
import { moveBy } from "../../../../../web/app/query/table/cell-move.ts";
import {
  columnWindow,
  layOut,
  scrollLeftFor,
} from "../../../../../web/app/query/table/column-layout.ts";

const SIZE = { rowCount: 100, columnCount: 5, pageRows: 10 };

describe("keys in a table", () => {
  test.each([
    ["ArrowDown", false, { row: 51, column: 2 }],
    ["ArrowUp", false, { row: 49, column: 2 }],
    ["ArrowRight", false, { row: 50, column: 3 }],
    ["ArrowLeft", false, { row: 50, column: 1 }],
    ["PageDown", false, { row: 60, column: 2 }],
    ["PageUp", false, { row: 40, column: 2 }],
    ["Home", false, { row: 50, column: 0 }],
    ["End", false, { row: 50, column: 4 }],
    ["Home", true, { row: 0, column: 0 }],
    ["End", true, { row: 99, column: 4 }],
    ["ArrowDown", true, { row: 99, column: 2 }],
    ["ArrowRight", true, { row: 50, column: 4 }],
  ])("%s (control: %s)", (key, isControl, place) => {
    expect(moveBy(key, isControl, { row: 50, column: 2 }, SIZE)).toEqual(place);
  });

  test("never lead out of it, and others lead nowhere", () => {
    const corner = { row: 99, column: 4 };
    expect(moveBy("ArrowDown", false, corner, SIZE)).toEqual(corner);
    expect(moveBy("PageDown", false, corner, SIZE)).toEqual(corner);
    expect(moveBy("End", true, { row: 0, column: 0 }, { ...SIZE, rowCount: 0 })).toEqual({
      row: 0,
      column: 4,
    });
    expect(moveBy("a", false, corner, SIZE)).toBeNull();
  });
});

describe("columns", () => {
  const column = (maxLength: number) => ({ name: "n", isNumeric: false, maxLength });

  test("are as wide as their values, within bounds", () => {
    const { widths, edges } = layOut([column(0), column(20), column(5000)]);
    expect(widths).toEqual([72, 174, 360]);
    expect(edges).toEqual([0, 72, 246, 606]);
  });

  test("are drawn where the window is, and it moves to each", () => {
    const layout = layOut(Array.from({ length: 1000 }, () => column(20)));
    expect(columnWindow(layout, 0, 500)).toEqual({ first: 0, end: 4 });
    expect(columnWindow(layout, 174 * 500, 500)).toEqual({ first: 499, end: 504 });
    expect(columnWindow(layout, 174 * 999, 500).end).toBe(1000);
    expect(scrollLeftFor(layout, 2, 0, 600)).toBe(0);
    expect(scrollLeftFor(layout, 10, 0, 600)).toBe(174 * 11 - 600);
    expect(scrollLeftFor(layout, 1, 500, 600)).toBe(174);
  });

  test("of none nothing is drawn", () => {
    expect(columnWindow(layOut([]), 0, 500)).toEqual({ first: 0, end: 0 });
  });
});
