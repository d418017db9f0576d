import { describe, expect, test } from "vitest";
import { cellOf, readsAsNumber } from "../../../../../web/app/query/run/cell.ts";
import { ColumnTable, MAX_COLUMNS } from "../../../../../web/app/query/run/column-table.ts";

/** The columns of these records. */
function columnsOf(...records: readonly string[]) {
  const table = new ColumnTable();
  for (const record of records) {
    const bytes = new TextEncoder().encode(record);
    table.note(bytes, 0, bytes.length);
  }
  return table.takeChanged() ?? [];
}

describe("the columns of an answer", () => {
  test("come in the order in which they were first met", () => {
    const columns = columnsOf('{"a":1,"c":3}', '{"c":3,"b":2}', '{"b":2,"a":1}');
    expect(columns.map(({ name }) => name)).toEqual(["a", "c", "b"]);
  });

  test("are two where a name comes twice", () => {
    const columns = columnsOf('{"a":1,"a":"x"}', '{"a":2,"a":"y"}');
    expect(columns.map(({ isNumeric }) => isNumeric)).toEqual([true, false]);
  });

  test("are numbers as long as every value is none or reads as one", () => {
    const columns = columnsOf('{"a":"","b":1,"c":"1e5"}', '{"a":"-2.5","b":true,"c":null}');
    expect(columns.map(({ isNumeric }) => isNumeric)).toEqual([true, false, true]);
    expect(columns.map(({ maxLength }) => maxLength)).toEqual([4, 4, 4]);
  });

  test("are bounded, however many names there are", () => {
    const names = Array.from({ length: MAX_COLUMNS + 500 }, (_, index) => `{"n${index}":1}`);
    expect(columnsOf(...names)).toHaveLength(MAX_COLUMNS);
  });

  test("are told once for each change", () => {
    const table = new ColumnTable();
    const bytes = new TextEncoder().encode('{"a":1}');
    table.note(bytes, 0, bytes.length);
    expect(table.takeChanged()).toHaveLength(1);
    table.note(bytes, 0, bytes.length);
    expect(table.takeChanged()).toBeNull();
  });
});

test.each(["0", "-1.5", "+3", ".5", "5.", "1e10", "2E-7"])("%s reads as a number", (text) => {
  expect(readsAsNumber(text)).toBe(true);
});

test.each(["", " 1", "1,5", "0x10", "1e9999", "Infinity", "2026-11-27", "1".repeat(40)])(
  "%j does not",
  (text) => {
    expect(readsAsNumber(text)).toBe(false);
  },
);

test("a text that is cut off is shown as it came", () => {
  const bytes = new TextEncoder().encode(String.raw`"a\u12`);
  expect(cellOf(bytes, 0, bytes.length)).toEqual({ kind: "text", text: String.raw`"a\u12` });
});
