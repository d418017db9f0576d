import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { positionAfter, walk, type OrderedRows } from "../../../server/store/catalogue/listing.ts";

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Rows in memory that count how many were read. */
function rowsOf(keys: Iterable<string>): OrderedRows<string> & { readCount: () => number } {
  const sorted = [...new Set(keys)].toSorted(byBytes);
  let readCount = 0;
  return {
    readCount: () => readCount,
    positionOf: (key) => key,
    *from(position) {
      for (const key of sorted) {
        if (Buffer.compare(Buffer.from(key), position) < 0) continue;
        readCount++;
        yield { key, value: key };
      }
    },
  };
}

/** What S3 says of a listing, without any cleverness. */
function model(keys: readonly string[], prefix: string, delimiter: string): string[] {
  const entries = new Set<string>();
  for (const key of [...new Set(keys)].toSorted(byBytes)) {
    if (!key.startsWith(prefix)) continue;
    const at = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    entries.add(at < 0 ? `key ${key}` : `prefix ${key.slice(0, at + delimiter.length)}`);
  }
  return [...entries];
}

function allPages(
  keys: readonly string[],
  prefix: string,
  delimiter: string,
  limit: number,
): string[] {
  const rows = rowsOf(keys);
  const entries: string[] = [];
  let startAfter = "";
  for (;;) {
    const position = positionAfter(rows, startAfter, prefix, delimiter);
    const page = walk(rows, { prefix, delimiter, position, limit });
    const found = [
      ...page.rows.map(({ key }) => [key, `key ${key}`] as const),
      ...page.prefixes.map((common) => [common, `prefix ${common}`] as const),
    ].toSorted(([a], [b]) => byBytes(a, b));
    expect(found.length).toBeLessThanOrEqual(limit);
    entries.push(...found.map(([, entry]) => entry));
    if (!page.isTruncated) return entries;
    expect(found.length).toBe(limit);
    startAfter = page.last ?? "";
  }
}

const unit = fc.constantFrom("a", "b", "/", "é", "\0", "\u{1f600}", "\uffff");
const key = fc.string({ unit, minLength: 1, maxLength: 6 });

describe("a listing", () => {
  test("shows over all its pages exactly what S3 says, in order of UTF-8 bytes", () => {
    fc.assert(
      fc.property(
        fc.array(key, { maxLength: 40 }),
        fc.string({ unit, maxLength: 2 }),
        fc.constantFrom("", "/", "b", "a/"),
        fc.integer({ min: 1, max: 7 }),
        (keys, prefix, delimiter, limit) => {
          expect(allPages(keys, prefix, delimiter, limit)).toEqual(model(keys, prefix, delimiter));
        },
      ),
      { numRuns: 500 },
    );
  });

  test("starts after any text, whether a key or not", () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 30 }), key, (keys, startAfter) => {
        const rows = rowsOf(keys);
        const position = positionAfter(rows, startAfter, "", "");
        const page = walk(rows, { prefix: "", delimiter: "", position, limit: 1000 });
        const expected = [...new Set(keys)].toSorted(byBytes);
        expect(page.rows.map((row) => row.key)).toEqual(
          expected.filter((text) => byBytes(text, startAfter) > 0),
        );
      }),
    );
  });

  test("seeks past a common prefix instead of reading through it", () => {
    const many = Array.from({ length: 1000 }, (_, index) => `folder/${index}`);
    const rows = rowsOf([...many, "z"]);
    const position = positionAfter(rows, "", "", "/");
    const page = walk(rows, { prefix: "", delimiter: "/", position, limit: 10 });
    expect(page.prefixes).toEqual(["folder/"]);
    expect(rows.readCount()).toBe(2);
  });

  test("of no entries is empty and complete", () => {
    const rows = rowsOf(["a"]);
    const position = positionAfter(rows, "", "", "");
    const page = walk(rows, { prefix: "", delimiter: "", position, limit: 0 });
    expect(page).toEqual({ rows: [], prefixes: [], isTruncated: false });
  });
});
