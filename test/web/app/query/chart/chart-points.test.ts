import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  axisNumber,
  axisTime,
  linearAxis,
  timeAxis,
} from "../../../../../web/app/query/chart/axis.ts";
import { chartPoints, sampleOf } from "../../../../../web/app/query/chart/chart-points.ts";
import { RecordCollector } from "../../../../../web/app/query/run/record-collector.ts";
import { createResultStore } from "../../../../../web/app/query/run/result-store.ts";
import { createRowReader } from "../../../../../web/app/query/run/row-reader.ts";

const read = createRowReader([{ name: "x" }, { name: "y" }]);
const AXES = { x: 0, y: 1 };

function rowsOf(...rows: readonly (readonly [unknown, unknown])[]) {
  const collector = new RecordCollector(() => undefined);
  for (const [x, y] of rows) collector.push(`${JSON.stringify({ x, y })}\n`);
  const store = createResultStore();
  const batch = collector.take();
  if (batch) store.add(batch);
  return store;
}

describe("the points of a chart", () => {
  test("are numbers by numbers, in order where they make a line", () => {
    const rows = rowsOf(["3", "30"], ["1", 10.5], ["2", "no number"], ["4", null]);
    const { points, across, leftOutCount } = chartPoints(rows, read, "line", AXES);
    expect(points.map(({ x, y }) => [x, y])).toEqual([
      [1, 10.5],
      [3, 30],
    ]);
    expect([across, leftOutCount]).toEqual(["number", 2]);
  });

  test("stand by time or by name where the column has those", () => {
    const times = rowsOf(["2026-11-01", 1], ["2026-11-02T12:00:00Z", 2]);
    expect(chartPoints(times, read, "line", AXES)).toMatchObject({
      across: "time",
      points: [{ x: Date.parse("2026-11-01") }, { x: Date.parse("2026-11-02T12:00:00Z") }],
    });
    const names = rowsOf(["north", 1], ["south", 2]);
    expect(chartPoints(names, read, "scatter", AXES)).toMatchObject({
      across: "name",
      points: [
        { x: 0, label: "north" },
        { x: 1, label: "south" },
      ],
    });
  });

  test("are a sample of many rows, the first and the last among them", () => {
    const rows = rowsOf(...Array.from({ length: 500 }, (_, index) => [index, index] as const));
    const { points, sampledCount } = chartPoints(rows, read, "bar", AXES);
    expect([points.length, sampledCount]).toEqual([40, 40]);
    expect([points[0]?.label, points.at(-1)?.label]).toEqual(["0", "499"]);
    expect(sampleOf(3, 10)).toEqual([0, 1, 2]);
  });
});

describe("an axis", () => {
  test("has ticks that read well, around all values", () => {
    expect(linearAxis([3, 97], [0, 100], 5).ticks).toEqual([0, 50, 100]);
    expect(linearAxis([0.1, 0.34], [0, 100], 4).ticks).toEqual([0.1, 0.2, 0.3, 0.4]);
    expect(linearAxis([7], [0, 100], 3).ticks).toEqual([6, 7, 8]);
    expect(linearAxis([], [0, 100], 3).ticks.length).toBeGreaterThan(1);
  });

  test("holds every value between its ends, with few ticks", () => {
    const number = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 20 }), (values) => {
        const { at, ticks } = linearAxis(values, [0, 100], 5);
        for (const value of values) {
          expect(at(value)).toBeGreaterThanOrEqual(-0.01);
          expect(at(value)).toBeLessThanOrEqual(100.01);
        }
        expect(ticks.length).toBeLessThan(9);
      }),
    );
  });

  test("bears numbers that hardly differ", () => {
    const { at, ticks } = linearAxis([0, 5e-324], [0, 100], 5);
    expect([at(0), at(5e-324)]).toEqual([50, 50]);
    expect(ticks.every(Number.isFinite)).toBe(true);
  });

  test("of moments has ticks of a clock or a calendar, and few of them", () => {
    const ticksOf = (...moments: readonly string[]) =>
      timeAxis(moments.map(Date.parse), [0, 100], 6).ticks.map((at) => new Date(at).toISOString());
    expect(ticksOf("2026-01-15", "2026-05-20")).toEqual([
      "2026-02-01T00:00:00.000Z",
      "2026-03-01T00:00:00.000Z",
      "2026-04-01T00:00:00.000Z",
      "2026-05-01T00:00:00.000Z",
    ]);
    expect(ticksOf("2026-11-27T08:10:00Z", "2026-11-27T10:20:00Z")).toEqual([
      "2026-11-27T08:30:00.000Z",
      "2026-11-27T09:00:00.000Z",
      "2026-11-27T09:30:00.000Z",
      "2026-11-27T10:00:00.000Z",
    ]);
    for (const span of ["0001-01-01", "1999-12-31", "2026-11-20", "2026-11-27T00:00:00Z"]) {
      expect(ticksOf(span, "2026-11-27T00:00:01Z").length).toBeLessThan(8);
    }
  });

  test("is written shortly", () => {
    expect([1200, 1_500_000, 0.25, -3].map(axisNumber)).toEqual(["1,200", "1.5M", "0.25", "-3"]);
    const moment = Date.parse("2026-11-27T08:30:00Z");
    const day = 86_400_000;
    expect([400 * day, 10 * day, day].map((span) => axisTime(moment, span))).toEqual([
      "2026-11",
      "2026-11-27",
      "08:30",
    ]);
  });
});
