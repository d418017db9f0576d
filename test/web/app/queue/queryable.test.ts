import { expect, test } from "vitest";
import { isQueryable } from "../../../../web/app/queue/queryable.ts";

test.each(["a.csv", "logs/B.NDJSON", "x.json.gz", "y.csv.bz2", "z.parquet", "t.tsv", "l.jsonl"])(
  "%s can be queried",
  (key) => {
    expect(isQueryable(key)).toBe(true);
  },
);

test.each(["a.mp4", "csv", "a.csv.zip", "a.csv/b", "report.pdf.gz"])("%s cannot", (key) => {
  expect(isQueryable(key)).toBe(false);
});
