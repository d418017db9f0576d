import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  afterKey,
  afterPrefix,
  keyBytes,
  keyOfObjectRow,
  objectRow,
  partNumberOfRow,
  partRow,
  uploadBound,
  uploadRow,
} from "../../../server/store/catalogue/row-key.ts";

const key = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
const UPLOAD_ID = "0123456789abcdef0123456789abcdef";

const order = (a: Uint8Array, b: Uint8Array): number => Math.sign(Buffer.compare(a, b));

describe("rows of uploads", () => {
  test("are ordered by key bytes, then by upload ID", () => {
    fc.assert(
      fc.property(key, key, fc.boolean(), (a, b, isLater) => {
        const ids = isLater ? ["f".repeat(32), UPLOAD_ID] : [UPLOAD_ID, "f".repeat(32)];
        const rowA = uploadRow(7, keyBytes(a), ids[0] ?? "");
        const rowB = uploadRow(7, keyBytes(b), ids[1] ?? "");
        const byKey = order(keyBytes(a), keyBytes(b));
        expect(order(rowA, rowB)).toBe(byKey === 0 ? (isLater ? 1 : -1) : byKey);
      }),
    );
  });

  test("all lie between the bound of their key and the bound of the next position", () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        const row = uploadRow(7, keyBytes(a), UPLOAD_ID);
        const isBelow = order(row, uploadBound(7, keyBytes(b))) < 0;
        expect(isBelow).toBe(order(keyBytes(a), keyBytes(b)) < 0);
        expect(order(row, uploadBound(7, afterKey(keyBytes(a))))).toBe(-1);
      }),
    );
  });

  test("of the longest key fit into LMDB's 1,978 bytes, NULs included", () => {
    expect(uploadRow(1, keyBytes("\0".repeat(1024)), UPLOAD_ID).length).toBeLessThan(1978);
  });
});

describe("positions among keys", () => {
  test("the position after a prefix lies after all keys with it and before all others above it", () => {
    fc.assert(
      fc.property(key, key, (prefix, other) => {
        const isBelow = order(keyBytes(other), afterPrefix(keyBytes(prefix))) < 0;
        const isRolledUp = other.startsWith(prefix);
        const isBefore = order(keyBytes(other), keyBytes(prefix)) < 0;
        expect(isBelow).toBe(isRolledUp || isBefore);
      }),
    );
  });

  test("rows of one bucket never mix with those of another", () => {
    expect(order(objectRow(1, keyBytes("\u{10ffff}")), objectRow(2, keyBytes("\0")))).toBe(-1);
  });

  test("an object's row gives its key back", () => {
    fc.assert(
      fc.property(key, (text) => {
        expect(keyOfObjectRow(objectRow(3, keyBytes(text)))).toBe(text);
      }),
    );
  });

  test("a part's row gives its number back", () => {
    expect(partNumberOfRow(partRow(UPLOAD_ID, 10_000))).toBe(10_000);
  });
});

describe("keys", () => {
  test("of 1,024 bytes are taken, of 1,025 refused, counted in UTF-8", () => {
    expect(keyBytes("é".repeat(512))).toHaveLength(1024);
    expect(() => keyBytes(`${"é".repeat(512)}a`)).toThrow(
      expect.objectContaining({ code: "KeyTooLongError" }),
    );
  });
});
