import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pumpExtents, readExtents } from "../../../server/store/content/read-extents.ts";

const directory = mkdtempSync(join(tmpdir(), "sluice-extents-"));
const first = Buffer.alloc(700_000, "first piece, ");
const second = Buffer.alloc(300_001, "second piece, ");
const extents = [
  { path: join(directory, "first"), range: { start: 10, end: first.length } },
  { path: join(directory, "first"), range: { start: 5, end: 5 } },
  { path: join(directory, "second"), range: { start: 0, end: second.length - 3 } },
];
const whole = Buffer.concat([first.subarray(10), second.subarray(0, second.length - 3)]);

beforeAll(() => {
  writeFileSync(join(directory, "first"), first);
  writeFileSync(join(directory, "second"), second);
});
afterAll(() => rmSync(directory, { recursive: true }));

describe("pumping extents", () => {
  test("hands over all bytes in order, one piece at a time", async () => {
    const copies: Buffer[] = [];
    let underWay = 0;
    await pumpExtents(extents, async (bytes) => {
      underWay++;
      expect(underWay).toBe(1);
      await new Promise(setImmediate);
      // Copied as late as can be: a buffer filled too early would show.
      copies.push(Buffer.from(bytes));
      underWay--;
    });
    expect(Buffer.concat(copies).equals(whole)).toBe(true);
  });

  test("ends with the taker's failure and asks it no more", async () => {
    let count = 0;
    const pumped = pumpExtents(extents, () => {
      count++;
      return Promise.reject(new Error("gone"));
    });
    await expect(pumped).rejects.toThrow("gone");
    expect(count).toBe(1);
  });

  test("ends with the signal's reason", async () => {
    const controller = new AbortController();
    const pumped = pumpExtents(
      extents,
      async () => controller.abort(new Error("enough")),
      controller.signal,
    );
    await expect(pumped).rejects.toThrow("enough");
  });

  test("says so where a file is shorter than its extent", async () => {
    const tooLong = [{ path: join(directory, "second"), range: { start: 0, end: 400_000 } }];
    await expect(pumpExtents(tooLong, async () => undefined)).rejects.toThrow("ends at 300001");
  });
});

test("a stream of extents holds the same bytes", async () => {
  let closed = 0;
  const pieces: Buffer[] = [];
  for await (const bytes of readExtents(extents, () => closed++)) pieces.push(bytes as Buffer);
  expect(Buffer.concat(pieces).equals(whole)).toBe(true);
  expect(closed).toBe(1);
});
