import { describe, expect, test } from "vitest";
import { answerOf, countingSource, fixture, type CountingSource } from "./ask-parquet.ts";

/** As much of the end is read at first as most footers have. */
const TAIL_BYTES = 32 * 1024;

/** Ranges behind the footer's. */
function fetched({ ranges }: CountingSource): number {
  return ranges.slice(1).reduce((sum, { start, end }) => sum + end - start, 0);
}

async function asked(sql: string, name: string, scanRange?: { start?: number; end?: number }) {
  const source = countingSource(fixture(name));
  const { text, counts } = await answerOf(sql, source, scanRange && { scanRange });
  return { source, text, counts, fetchedBytes: fetched(source) };
}

describe("fetches", () => {
  test("the footer alone, to count all rows", async () => {
    const { source, text, counts } = await asked("SELECT COUNT(*) AS n FROM S3Object", "groups");
    expect(text).toBe('{"n":4000}\n');
    const { sizeBytes } = source;
    expect(source.ranges).toEqual([{ start: sizeBytes - TAIL_BYTES, end: sizeBytes }]);
    expect(counts).toEqual({ bytesScanned: TAIL_BYTES, bytesProcessed: 0, bytesReturned: 11 });
  });

  test("one range of each row group for a column", async () => {
    const { source, fetchedBytes } = await asked("SELECT MAX(text) AS m FROM S3Object", "groups");
    expect(source.ranges).toHaveLength(1 + 4);
    expect(fetchedBytes).toBeLessThan(25_000);
  });

  test("columns that lie together in one", async () => {
    const { source } = await asked("SELECT * FROM S3Object", "groups");
    expect(source.ranges).toHaveLength(1 + 4);
  });

  test("nothing more once LIMIT is reached", async () => {
    const { source, text } = await asked("SELECT id FROM S3Object LIMIT 3", "groups");
    expect(text).toBe('{"id":0}\n{"id":1}\n{"id":2}\n');
    expect(source.ranges).toHaveLength(1 + 1);
    expect((await asked("SELECT id FROM S3Object LIMIT 0", "groups")).source.ranges).toHaveLength(
      1,
    );
  });

  test("only row groups that may hold what is asked for, by their bounds", async () => {
    const { source, text } = await asked("SELECT id FROM S3Object WHERE id = 3456", "groups");
    expect(text).toBe('{"id":3456}\n');
    expect(source.ranges).toHaveLength(1 + 1);
    const none = await asked("SELECT id FROM S3Object WHERE id > 4000 OR text < 'a'", "groups");
    expect(none.source.ranges).toHaveLength(1);
    const nulls = await asked("SELECT COUNT(*) AS n FROM S3Object WHERE half IS NULL", "groups");
    expect(nulls.text).toBe('{"n":2000}\n');
    expect(nulls.source.ranges).toHaveLength(1 + 2);
  });

  test("what is answered only where a row is wanted", async () => {
    const { source } = await asked("SELECT text FROM S3Object WHERE id % 1000 = 7", "groups");
    const without = await asked("SELECT text FROM S3Object WHERE id % 1000 = -1", "groups");
    expect(source.ranges).toHaveLength(1 + 8);
    expect(without.source.ranges).toHaveLength(1 + 4);
  });

  test("only the pages that may hold what is asked for, by their index", async () => {
    const { text, fetchedBytes, counts } = await asked(
      "SELECT * FROM S3Object WHERE id BETWEEN 2500 AND 2502",
      "index",
    );
    expect(text.split("\n")).toHaveLength(3 + 1);
    expect(fetchedBytes).toBeLessThan(8_000);
    expect(counts?.bytesProcessed).toBeLessThan(8_000);
    const all = await asked("SELECT * FROM S3Object WHERE id % 2 = 0", "index");
    expect(all.text.split("\n")).toHaveLength(2000 + 1);
    expect(all.fetchedBytes).toBeGreaterThan(30_000);
  });

  test("of what is answered only the pages that hold a wanted row", async () => {
    const { text, fetchedBytes } = await asked(
      "SELECT text FROM S3Object WHERE half = 1900",
      "index",
    );
    expect(text).toBe('{"text":"text 001900"}\n');
    expect(fetchedBytes).toBeLessThan(6_000);
  });

  test("counts what came and what was unpacked", async () => {
    const { source, counts, text } = await asked("SELECT id FROM S3Object", "pages-v1");
    expect(counts?.bytesScanned).toBe(
      source.ranges.reduce((sum, { start, end }) => sum + end - start, 0),
    );
    expect(counts?.bytesProcessed).toBeGreaterThan(200 * 8);
    expect(counts?.bytesReturned).toBe(text.length);
  });
});

describe("scan ranges", () => {
  test("that tile the object have every row once, by the row group that it lies in", async () => {
    const { sizeBytes } = countingSource(fixture("groups"));
    const whole = await asked("SELECT id FROM S3Object", "groups");
    for (const step of [5_000, 11_111, 30_000, sizeBytes]) {
      let joined = "";
      for (let start = 0; start < sizeBytes; start += step) {
        const { text } = await asked("SELECT id FROM S3Object", "groups", {
          start,
          end: start + step - 1,
        });
        joined += text;
      }
      expect(joined).toBe(whole.text);
    }
  });

  test("fetch the row groups that begin in them, and no others", async () => {
    const { source, text } = await asked("SELECT COUNT(id) AS n FROM S3Object", "groups", {
      end: 1,
    });
    expect(text).toBe('{"n":0}\n');
    expect(source.ranges).toHaveLength(1);
    const first = await asked("SELECT COUNT(id) AS n FROM S3Object", "groups", {
      start: 0,
      end: 9,
    });
    expect(first.text).toBe('{"n":1000}\n');
  });
});

test("an answer is broken off at once when nobody wants it any more", async () => {
  const source = countingSource(fixture("groups"));
  const leaving = new AbortController();
  const asking = answerOf("SELECT * FROM S3Object", source, { signal: leaving.signal });
  leaving.abort(new Error("gone"));
  await expect(asking).rejects.toThrow("gone");
  expect(source.ranges).toHaveLength(1);
});
