import { describe, expect, test } from "vitest";
import { RowSelection } from "../../../../../web/app/admin/uploads/row-selection.ts";

const view = Uint32Array.of(7, 3, 9, 1, 4);

describe("a selection", () => {
  test("is changed one by one, and by ranges of what is shown", () => {
    const selection = new RowSelection();
    selection.toggle(3);
    selection.extendTo(1, view);
    expect(selection.rows()).toEqual([1, 3, 9]);
    selection.extendTo(7, view);
    expect(selection.rows()).toEqual([1, 3, 7, 9]);
    selection.toggle(9);
    expect(selection.has(9)).toBe(false);
    expect(selection.size).toBe(3);
  });

  test("without a beginning, a range is its end", () => {
    const selection = new RowSelection();
    selection.extendTo(9, view);
    expect(selection.rows()).toEqual([9]);
    selection.clear();
    selection.startAt(7);
    selection.extendTo(3, view);
    expect(selection.rows()).toEqual([3, 7]);
  });

  test("forgets what is no longer shown", () => {
    const selection = new RowSelection();
    selection.selectAll(view);
    selection.keepOnly(Uint32Array.of(3, 5));
    expect(selection.rows()).toEqual([3]);
  });
});
