import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  contentHeight,
  ROW_HEIGHT_PX,
  rowWindow,
  scrollTopFor,
} from "../../../../../web/app/query/table/row-window.ts";

const VIEW_PX = 480;
const COUNTS = [0, 1, 14, 15, 16, 1000, 500_000, 1_000_000, 20_000_000];

describe("the window onto rows", () => {
  test("shows all of a short table", () => {
    expect(rowWindow(5, 0, VIEW_PX)).toEqual({ first: 0, end: 5, topPx: 0 });
  });

  test.each(COUNTS)("reaches the first and the last of %d rows", (rowCount) => {
    const mostPx = Math.max(0, contentHeight(rowCount) - VIEW_PX);
    expect(contentHeight(rowCount)).toBeLessThanOrEqual(16_000_000);
    expect(rowWindow(rowCount, 0, VIEW_PX)).toMatchObject({ first: 0, topPx: 0 });
    const last = rowWindow(rowCount, mostPx, VIEW_PX);
    expect(last.end).toBe(rowCount);
    const bottomPx = last.topPx + (last.end - last.first) * ROW_HEIGHT_PX;
    expect(bottomPx).toBeCloseTo(contentHeight(rowCount), 3);
  });

  test("has no gap anywhere, and draws few rows", () => {
    const place = fc.record({
      rowCount: fc.constantFrom(...COUNTS.filter((count) => count > 15)),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(place, ({ rowCount, share }) => {
        const scrollTopPx = share * (contentHeight(rowCount) - VIEW_PX);
        const { first, end, topPx } = rowWindow(rowCount, scrollTopPx, VIEW_PX);
        expect(end - first).toBeLessThan(40);
        expect(topPx).toBeLessThanOrEqual(scrollTopPx + 0.01);
        const bottomPx = topPx + (end - first) * ROW_HEIGHT_PX;
        expect(bottomPx).toBeGreaterThanOrEqual(scrollTopPx + VIEW_PX - 0.01);
      }),
    );
  });

  test("is moved to a row by as little as it takes, and not where it is there", () => {
    const place = fc.record({
      rowCount: fc.constantFrom(...COUNTS.filter((count) => count > 15)),
      row: fc.double({ min: 0, max: 0.999_999, noNaN: true }),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(place, ({ rowCount, row: share, from }) => {
        const row = Math.floor(share * rowCount);
        const before = from * (contentHeight(rowCount) - VIEW_PX);
        const after = scrollTopFor(row, rowCount, before, VIEW_PX);
        const { first, topPx } = rowWindow(rowCount, after, VIEW_PX);
        const rowTopPx = topPx + (row - first) * ROW_HEIGHT_PX;
        expect(rowTopPx).toBeGreaterThanOrEqual(after - 1);
        expect(rowTopPx + ROW_HEIGHT_PX).toBeLessThanOrEqual(after + VIEW_PX + 1);
        expect(scrollTopFor(row, rowCount, after, VIEW_PX)).toBeCloseTo(after, 0);
      }),
    );
  });
});
