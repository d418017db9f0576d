import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { EXAMPLE_MD5, EXAMPLE_PATH, keyExample } from "../../../../web/app/options/key-example.ts";
import { readOptions, saveOptions } from "../../../../web/app/options/upload-options.ts";

const DEFAULTS = { keyStrategy: "plain", ifExists: "rename", connections: 6 } as const;

function memoryStorage(): () => Storage {
  const items = new Map<string, string>();
  const storage: Storage = {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    getItem: (key) => items.get(key) ?? null,
    key: (index) => [...items.keys()][index] ?? null,
    removeItem: (key) => void items.delete(key),
    setItem: (key, value) => void items.set(key, value),
  };
  return () => storage;
}

describe("remembered options", () => {
  test("come back as they were saved", () => {
    const storage = memoryStorage();
    saveOptions(storage, { keyStrategy: "hash", ifExists: "fail" });
    expect(readOptions(storage, DEFAULTS)).toEqual({ keyStrategy: "hash", ifExists: "fail" });
  });

  test.each(["{", "null", '{"keyStrategy":"sideways","ifExists":"fail"}'])(
    "give way to the server's defaults where %s is stored",
    (text) => {
      const storage = memoryStorage();
      saveOptions(storage, { keyStrategy: "hash", ifExists: "fail" });
      storage().setItem(storage().key(0) ?? "", text);
      expect(readOptions(storage, DEFAULTS)).toEqual({ keyStrategy: "plain", ifExists: "rename" });
    },
  );

  test("give way where storage is closed, and saving harms nothing", () => {
    const closed = () => {
      throw new DOMException("denied", "SecurityError");
    };
    expect(readOptions(closed, DEFAULTS).keyStrategy).toBe("plain");
    expect(() => saveOptions(closed, { keyStrategy: "hash", ifExists: "fail" })).not.toThrow();
  });
});

describe("keyExample", () => {
  test("shows the key that the server would choose", () => {
    const now = new Date("2026-11-23T12:00:00Z");
    const digest = createHash("md5").update(EXAMPLE_PATH).digest("hex");
    expect(EXAMPLE_MD5).toBe(digest);
    expect(keyExample("plain", now)).toBe("Reports/plan.pdf");
    expect(keyExample("hash", now)).toBe(`${digest.slice(0, 4)}/Reports/plan.pdf`);
    expect(keyExample("reversed-date", now)).toBe("23/11/6202/Reports/plan.pdf");
    expect(keyExample("random", now)).toMatch(/^[0-9a-f]{4}\/Reports\/plan\.pdf$/);
  });
});
