import { expect, test } from "vitest";
import { chartSummary, firstColumns } from "../../../../../web/app/query/chart/chart-text.ts";

const column = (name: string, isNumeric: boolean) => ({ name, isNumeric, maxLength: 5 });

test("a chart begins with numbers upwards, and not with the records' own", () => {
  const id = column("id", true);
  const price = column("price", true);
  const name = column("name", false);
  expect(firstColumns([id, name, price])).toEqual({ x: 1, y: 2 });
  expect(firstColumns([name, price])).toEqual({ x: 0, y: 1 });
  expect(firstColumns([id, price])).toEqual({ x: 0, y: 1 });
  expect(firstColumns([id])).toEqual({ x: 0, y: 0 });
  expect(firstColumns([name])).toEqual({ x: 0, y: 0 });
});

test("a chart is said in words", () => {
  const points = [10, 20, 60].map((y, x) => ({ x, y, label: `${x}` }));
  const chart = { points, across: "name", sampledCount: 3, leftOutCount: 0 } as const;
  const subject = { kind: "bar", xName: "city", yName: "people", rowCount: 1200 } as const;
  expect(chartSummary(chart, subject)).toBe(
    "Bar chart of people by city, 3 of 1,200 rows: from 10 to 60, 30 on average.",
  );
});
