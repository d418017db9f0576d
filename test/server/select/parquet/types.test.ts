import { describe, expect, test } from "vitest";
import { answerOf, ask, countingSource, fixture } from "./ask-parquet.ts";

describe("types", () => {
  test.each([
    ["bool", "true"],
    ["int8", "-8"],
    ["uint8", "200"],
    ["uint32", "4000000000"],
    ["int64", "-9007199254740993"],
    ["uint64", "18446744073709551615"],
    ["half", "1.5"],
    ["float", "0.5"],
    ["double", "1e+300"],
    ["decimal9", "-12.34"],
    ["decimal38", "1234567890123456789012345678.9012345678"],
    ["date", '"2024-02-29T"'],
    ["ms", '"2024-02-29T12:34:56.789Z"'],
    ["us", '"2024-02-29T12:34:56.789012Z"'],
    ["ns", '"2024-02-29T12:34:56.789012345Z"'],
    ["old", '"1931-01-02T03:04:05.000006Z"'],
    ["time", '"01:02:03.456"'],
    ["time_us", '"23:59:59.999999"'],
    ["text", '"Grüße 😀"'],
    ["binary", '"/wA="'],
    ["latin", '"plain"'],
    ["fixed", '"YWJjZA=="'],
    ["uuid", '"12345678-9abc-def0-1234-56789abcdef0"'],
    ["list", "[1,null,3]"],
    ["nothing", "null"],
  ])("%s is %s", async (column, expected) => {
    const sql = `SELECT s."${column}" AS v FROM S3Object s`;
    const { text } = await answerOf(sql, countingSource(fixture("types")));
    expect(text).toBe(`{"v":${expected}}\n{"v":null}\n`);
  });

  test("of DuckDB", async () => {
    const [row] = await ask("SELECT * FROM S3Object s WHERE s.i = 7", "duckdb");
    expect(row).toEqual({
      i: 7,
      dec: 10.5,
      v: "v2",
      huge: 7,
      u: 7000,
      ts: "2024-01-01T07:00:00.000000Z",
      tz: "2024-01-01T00:00:00.000000Z",
      d: "2024-01-08T",
      t: "01:02:03.500000",
      iv: "P1M2DT3S",
      uuid: "12345678-9abc-def0-1234-56789abcdef0",
      mood: "mid",
      blob: "/2E=",
      l: [7, null, 8],
      s: { a: 7, b: { c: "x7" } },
      m: { 7: "m7" },
      ok: false,
    });
  });

  test.each([
    ["s.dec > 70.5", 2],
    ["s.d = CAST('2024-01-03T' AS TIMESTAMP)", 1],
    ["s.d > CAST('2024-02-15T12:00Z' AS TIMESTAMP)", 4],
    ["s.ts >= CAST('2024-01-03T00:00:00Z' AS TIMESTAMP)", 2],
    ["s.ts < CAST('2024-01-01T01:30:00.5Z' AS TIMESTAMP)", 2],
    ["s.mood = 'low'", 17],
    ["s.u >= 48000", 2],
    ["s.huge < 1", 1],
  ])("are compared as what they mean: %s", async (where, count) => {
    const rows = await ask(`SELECT COUNT(*) AS n FROM S3Object s WHERE ${where}`, "duckdb");
    expect(rows).toEqual([{ n: count }]);
  });

  test("INT96 is refused where it is asked for, and there only", async () => {
    expect(await ask("SELECT id FROM S3Object", "int96")).toEqual([{ id: 1 }]);
    const asking = ask("SELECT at FROM S3Object", "int96");
    await expect(asking).rejects.toMatchObject({ code: "UnsupportedParquetType" });
  });

  test("lists have no form in CSV", async () => {
    const asking = answerOf("SELECT list FROM S3Object", countingSource(fixture("types")), {
      format: "csv",
    });
    await expect(asking).rejects.toMatchObject({ code: "UnsupportedSqlOperation" });
  });
});
