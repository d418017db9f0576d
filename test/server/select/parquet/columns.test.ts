import { describe, expect, test } from "vitest";
import { answerOf, ask, countingSource, fixture } from "./ask-parquet.ts";

const ROWS = 200;

/** The rows that `fixtures/make.py` has written. */
const EXPECTED = Array.from({ length: ROWS }, (_, i) => ({
  id: i,
  small: i % 7 === 0 ? null : i - 100,
  price: i % 5 === 0 ? null : i / 4,
  ratio: i / 8,
  name: i % 11 === 0 ? null : `name ${i % 13} é`,
  ok: i % 3 === 0 ? null : i % 2 === 0,
}));

describe("all values of all columns", () => {
  test.each([
    "codec-none",
    "codec-snappy",
    "codec-gzip",
    "codec-brotli",
    "codec-lz4",
    "codec-zstd",
    "pages-v1",
    "pages-v2",
    "delta-v1",
    "delta-v2",
  ])("of %s", async (name) => {
    expect(await ask("SELECT * FROM S3Object", name)).toEqual(EXPECTED);
  });

  test("of differences that fill 64 bits, of lengths and of split bytes", async () => {
    const rows = await answerOf("SELECT * FROM S3Object", countingSource(fixture("delta-wide")));
    const expected = Array.from({ length: ROWS }, (_, i) => {
      const sign = i % 2 === 0 ? 1n : -1n;
      // As Python divides: down.
      const top = sign * (2n ** 63n - 1n);
      const by = BigInt(i + 1);
      const wild = top / by - (top < 0n && top % by !== 0n ? 1n : 0n);
      return `{"wild":${wild},"text":"${"x".repeat(i % 17)}","split":${BigInt(i) * 2n ** 33n}}\n`;
    });
    expect(rows.text).toBe(expected.join(""));
  });

  test("of DuckDB's second version of pages", async () => {
    const rows = await ask("SELECT i, big, name, n FROM S3Object", "duckdb-v2");
    expect(rows).toEqual(
      Array.from({ length: 300 }, (_, i) => ({
        i,
        big: i * 1_000_000_007,
        name: `prefix${i}`,
        n: i % 2 === 0 ? i : null,
      })),
    );
  });
});

describe("WHERE", () => {
  const keep = (holds: (row: (typeof EXPECTED)[number]) => boolean | null) =>
    EXPECTED.filter((row) => holds(row) === true).map(({ id }) => ({ id }));

  test.each<[string, (row: (typeof EXPECTED)[number]) => boolean | null]>([
    ["s.id > 57", ({ id }) => id > 57],
    ["57 >= s.id", ({ id }) => id <= 57],
    ["s.id = 57.5", () => false],
    ["s.id BETWEEN 20 AND 30", ({ id }) => id >= 20 && id <= 30],
    ["s.small < -10.5", ({ small }) => small !== null && small < -10.5],
    ["s.price <> 12.25", ({ price }) => price !== null && price !== 12.25],
    [
      "s.price >= 12.25 AND s.price < 13",
      ({ price }) => price !== null && price >= 12.25 && price < 13,
    ],
    ["s.price > s.ratio * 1.5", ({ price, ratio }) => price !== null && price > ratio * 1.5],
    ["s.name = 'name 5 é'", ({ name }) => name === "name 5 é"],
    ["s.name LIKE '%1%'", ({ name }) => name?.includes("1") ?? null],
    ["s.name IS NULL", ({ name }) => name === null],
    ["s.ok", ({ ok }) => ok],
    ["NOT s.ok AND s.id > 100", ({ ok, id }) => ok === false && id > 100],
    ["s.id < 3 OR s.name IN ('name 7 é')", ({ id, name }) => id < 3 || name === "name 7 é"],
    ["s.none IS MISSING AND s.id = 1", ({ id }) => id === 1],
    ['S.ID = 7 AND s."id" = 7', ({ id }) => id === 7],
    ['s."ID" = 7', () => false],
  ])("%s", async (where, holds) => {
    for (const name of ["codec-snappy", "pages-v1", "pages-v2", "delta-v2"]) {
      const rows = await ask(`SELECT s.id FROM S3Object s WHERE ${where}`, name);
      expect(rows).toEqual(keep(holds));
      const counted = await ask(`SELECT COUNT(*) AS n FROM S3Object s WHERE ${where}`, name);
      expect(counted).toEqual([{ n: keep(holds).length }]);
    }
  });

  test("fails where a value is none that it can be asked of, and names the place", async () => {
    const asking = ask("SELECT s.id FROM S3Object s WHERE CAST(s.name AS INT) > 1", "codec-none");
    await expect(asking).rejects.toMatchObject({ code: "CastFailed" });
  });
});

describe("aggregates", () => {
  test("are those of the rows, whatever pages they lie in", async () => {
    const prices = EXPECTED.flatMap(({ price }) => price ?? []);
    const sum = prices.reduce((total, price) => total + price, 0);
    const sql =
      "SELECT COUNT(*) AS n, COUNT(price) AS c, SUM(price) AS s, AVG(price) AS a FROM S3Object";
    for (const name of ["codec-snappy", "pages-v1", "pages-v2", "delta-v1"]) {
      expect(await ask(sql, name)).toEqual([
        { n: ROWS, c: prices.length, s: sum, a: sum / prices.length },
      ]);
    }
  });

  test("of all kinds stand beside each other", async () => {
    const sql =
      "SELECT MIN(s.id) AS low, MAX(s.name) AS high, SUM(s.id) AS sum, SUM(s.price) / COUNT(*) AS share FROM S3Object s WHERE s.id < 10";
    expect(await ask(sql, "pages-v1")).toEqual([{ low: 0, high: "name 9 é", sum: 45, share: 1 }]);
  });

  test("of no rows are none", async () => {
    const sql = "SELECT COUNT(*) AS n, SUM(price) AS s FROM S3Object WHERE id < 0";
    expect(await ask(sql, "codec-gzip")).toEqual([{ n: 0, s: null }]);
  });
});

test("an answer is written as CSV, too", async () => {
  const sql = "SELECT s.id, s.name, s.ok FROM S3Object s LIMIT 2";
  const { text } = await answerOf(sql, countingSource(fixture("codec-zstd")), { format: "csv" });
  expect(text).toBe("0,,\n1,name 1 é,false\n");
});
