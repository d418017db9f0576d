import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  stripCells,
  stripGradient,
  stripRuns,
  stripStretch,
} from "../../../../web/app/queue/part-strip.ts";
import type { PartMark } from "../../../../web/transfer/index.ts";

const marks = fc.array(fc.constantFrom<PartMark>(0, 1, 2, 3), { maxLength: 2000 });

describe("stripStretch", () => {
  test("is as wide as the share that was sent, however many parts there are", () => {
    expect(stripStretch([3, 3, 1], 0.4)).toEqual({ parts: [3, 3, 1], width: 0.4 });
    expect(stripStretch([3, 3, 1, 0, 0, 0], 0.4)).toEqual({ parts: [3, 3, 1], width: 0.4 });
  });

  test("is wider where parts in between wait, by as much as they take", () => {
    expect(stripStretch([3, 3, 0, 0, 3, 3], 2 / 3).width).toBeCloseTo(1);
  });

  test("is nothing while every part waits", () => {
    expect(stripStretch([0, 0], 0)).toEqual({ parts: [], width: 0 });
    expect(stripStretch([], 0.5)).toEqual({ parts: [], width: 0 });
  });

  test("paints the share that was sent, as far as the strip reaches", () => {
    fc.assert(
      fc.property(marks, fc.double({ min: 0, max: 1, noNaN: true }), (parts, sentShare) => {
        const { parts: shown, width } = stripStretch(parts, sentShare);
        const painted = shown.filter((mark) => mark !== 0).length;
        if (painted === 0 || width === 1) return;
        expect((width * painted) / shown.length).toBeCloseTo(sentShare);
      }),
    );
  });
});

describe("stripCells", () => {
  test("gives each part a cell while there is room", () => {
    expect(stripCells([3, 1, 0])).toEqual([
      { tone: "held", held: 1 },
      { tone: "sending", held: 0 },
      { tone: "waiting", held: 0 },
    ]);
  });

  test("folds 10,000 parts into at most 120 cells", () => {
    const parts = Array.from({ length: 10_000 }, (): PartMark => 3);
    expect(stripCells(parts)).toHaveLength(120);
  });

  test("shows one part that is sent again among many that are held", () => {
    const parts = Array.from({ length: 1000 }, (_, index): PartMark => (index === 500 ? 2 : 3));
    expect(stripCells(parts).filter((cell) => cell.tone === "again")).toHaveLength(1);
  });

  test("is whole only where every part is held", () => {
    fc.assert(
      fc.property(marks, fc.integer({ min: 1, max: 120 }), (parts, maxCells) => {
        const cells = stripCells(parts, maxCells);
        expect(cells).toHaveLength(Math.min(parts.length, maxCells));
        const whole = cells.every((cell) => cell.tone === "held");
        expect(whole).toBe(parts.every((mark) => mark === 3));
      }),
    );
  });
});

describe("stripRuns", () => {
  test("joins neighbours that look alike", () => {
    expect(stripRuns(stripCells([3, 3, 1, 0]))).toEqual([
      { tone: "held", held: 1, start: 0, end: 0.5 },
      { tone: "sending", held: 0, start: 0.5, end: 0.75 },
      { tone: "waiting", held: 0, start: 0.75, end: 1 },
    ]);
  });

  test("tiles the strip without gaps", () => {
    fc.assert(
      fc.property(marks, (parts) => {
        const runs = stripRuns(stripCells(parts));
        let end = 0;
        for (const run of runs) {
          expect(run.start).toBe(end);
          expect(run.end).toBeGreaterThan(run.start);
          end = run.end;
        }
        expect(end).toBe(parts.length === 0 ? 0 : 1);
      }),
    );
  });
});

test("stripGradient paints a half-held cell between the two colours", () => {
  const gradient = stripGradient(stripRuns(stripCells([3, 0], 1)));
  expect(gradient).toBe(
    "linear-gradient(to right, color-mix(in oklab, var(--part-held) 50%, var(--part-waiting)) 0% 100%)",
  );
});
