import { describe, expect, test } from "vitest";
import { inSlices } from "../../../../../web/app/query/export/in-slices.ts";
import { csvFile, jsonFile, tabbedText } from "../../../../../web/app/query/export/result-files.ts";
import { ColumnTable } from "../../../../../web/app/query/run/column-table.ts";
import { RecordCollector } from "../../../../../web/app/query/run/record-collector.ts";
import { createResultStore } from "../../../../../web/app/query/run/result-store.ts";

const PORTS = { now: () => 0, giveWay: async () => undefined };

/** An answer of these records, in two batches. */
function resultOf(...records: readonly string[]) {
  const columns = new ColumnTable();
  const collector = new RecordCollector((...record) => columns.note(...record));
  const rows = createResultStore();
  for (const record of records) {
    collector.push(`${record}\n`);
    const batch = collector.take();
    if (batch) rows.add(batch);
  }
  return { rows, columns: columns.takeChanged() ?? [] };
}

const RECORDS = [
  '{"a":"x, \\"y\\"","n":1.50}',
  '{"n":null,"deep":{"b":[1,2]}}',
  '{"a":"two\\nlines"}',
];

describe("an answer is written", () => {
  test("as CSV, quoted where it has to be", async () => {
    const file = await csvFile(resultOf(...RECORDS), PORTS);
    expect(await file.text()).toBe(
      'a,n,deep\r\n"x, ""y""",1.50,\r\n,,"{""b"":[1,2]}"\r\n"two\nlines",,\r\n',
    );
    expect(file.type).toBe("text/csv");
  });

  test("as JSON, every digit of it", async () => {
    const text = await (await jsonFile(resultOf(...RECORDS), PORTS)).text();
    expect(text).toBe(`[\n${RECORDS.join(",\n")}\n]\n`);
    expect(JSON.parse(text)).toHaveLength(3);
    expect(await (await jsonFile(resultOf(), PORTS)).text()).toBe("[\n]\n");
  });

  test("for the clipboard, a line a row", async () => {
    const { text, rowCount } = await tabbedText(resultOf(...RECORDS), PORTS);
    expect(text).toBe('a\tn\tdeep\nx, "y"\t1.50\t\n\t\t{"b":[1,2]}\ntwo lines\t\t\n');
    expect(rowCount).toBe(3);
  });

  test("for the clipboard as far as there is room", async () => {
    const long = `{"a":"${"x".repeat(900_000)}"}`;
    const { rowCount } = await tabbedText(resultOf(...Array(12).fill(long)), PORTS);
    expect(rowCount).toBe(9);
  });

  test("in pieces that make up the whole", async () => {
    const records = Array.from(
      { length: 30_000 },
      (_, index) => `{"id":${index},"t":"${"y".repeat(60)}"}`,
    );
    const text = await (await csvFile(resultOf(...records), PORTS)).text();
    const lines = text.trimEnd().split("\r\n");
    expect(lines).toHaveLength(30_001);
    expect(lines.at(-1)).toBe(`29999,${"y".repeat(60)}`);
  });
});

test("long work gives way whenever a slice is over, and ends when told to", async () => {
  let now = 0;
  let ways = 0;
  const ports = { now: () => now, giveWay: async () => void (ways += 1) };
  await inSlices(1000, () => ((now += 0.1), true), ports);
  expect(ways).toBeGreaterThan(5);
  let steps = 0;
  await inSlices(1000, () => (steps += 1) < 3, ports);
  expect(steps).toBe(3);
});
