import { describe, expect, test } from "vitest";
import { ask } from "./ask-parquet.ts";

/** The rows that `fixtures/make.py` has written. */
const EXPECTED = Array.from({ length: 60 }, (_, i) => ({
  id: i,
  s: i % 9 === 4 ? null : { a: { b: i % 4 === 0 ? null : i, c: `c${i}` } },
  list: i % 6 === 5 ? null : range(i % 4, (j) => (j === 1 ? null : i * 10 + j)),
  points: range(i % 5, (j) =>
    j === 2 ? null : { x: j, y: j === 1 ? null : range(j, () => `${i}`) },
  ),
  matrix: range(i % 3, (j) => range(j, (k) => k)),
  map:
    i % 8 === 7
      ? null
      : Object.fromEntries(range(i % 3, (j) => [`k${j}`, j === 1 ? null : j] as const)),
}));

function range<Item>(length: number, item: (index: number) => Item): Item[] {
  return Array.from({ length }, (_, index) => item(index));
}

describe.each(["nested-v1", "nested-v2"])("%s", (name) => {
  test("is put together again", async () => {
    expect(await ask("SELECT * FROM S3Object", name)).toEqual(EXPECTED);
  });

  test("is put together for the rows that are wanted", async () => {
    const rows = await ask("SELECT * FROM S3Object s WHERE s.id IN (3, 22, 58)", name);
    expect(rows).toEqual([EXPECTED[3], EXPECTED[22], EXPECTED[58]]);
  });

  test("has values by their paths; what is not there is left out", async () => {
    const rows = await ask(
      "SELECT s.s.a.b, s.list[0] AS first, s.points[1].x, s.matrix[2][1] AS m, s.map.k1 FROM S3Object s",
      name,
    );
    const missing = (key: string, value: unknown) => (value === undefined ? {} : { [key]: value });
    expect(rows).toEqual(
      EXPECTED.map(({ s, list, points, matrix, map }) => ({
        ...missing("b", s?.a.b),
        ...missing("first", list?.[0]),
        ...missing("x", points[1]?.x),
        ...missing("m", matrix[2]?.[1]),
        ...missing("k1", map?.["k1"]),
      })),
    );
  });

  test("is asked about", async () => {
    const count = async (where: string) =>
      (await ask(`SELECT COUNT(*) AS n FROM S3Object s WHERE ${where}`, name))[0];
    expect(await count("s.s.a.b > 30")).toEqual({
      n: EXPECTED.filter(({ s }) => (s?.a.b ?? 0) > 30).length,
    });
    expect(await count("s.s.a.b IS MISSING")).toEqual({
      n: EXPECTED.filter(({ s }) => s === null).length,
    });
    expect(await count("s.list[1] IS NULL AND s.s.a.c LIKE 'c1%'")).toEqual({
      n: EXPECTED.filter(({ s }) => s?.a.c.startsWith("c1")).length,
    });
  });

  test("has records within, by a path behind FROM", async () => {
    const rows = await ask("SELECT p.x FROM S3Object[*].points[*] p WHERE p.x = 3", name);
    expect(rows).toEqual(
      EXPECTED.flatMap(({ points }) => points.filter((p) => p?.x === 3)).map(() => ({ x: 3 })),
    );
    const whole = await ask("SELECT * FROM S3Object[*].s.a", name);
    expect(whole).toEqual(EXPECTED.map(({ s }) => s?.a ?? {}));
  });
});
