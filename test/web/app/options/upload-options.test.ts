import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { EXAMPLE_MD5, EXAMPLE_PATH, keyExample } from "../../../../web/app/options/key-example.ts";
import {
  describeFolded,
  type OptionsConfig,
  readOptions,
  saveOptions,
  toAddOptions,
  type UploadOptions,
} from "../../../../web/app/options/upload-options.ts";

const CONFIG: OptionsConfig = {
  defaults: { keyStrategy: "plain", ifExists: "rename" },
  storage: { storageClasses: ["STANDARD", "GLACIER"] },
};

const PLAIN: UploadOptions = {
  keyStrategy: "plain",
  ifExists: "rename",
  storageClass: "",
  cacheControl: "",
  metadata: [],
  tags: [],
  gzip: false,
  checksum: true,
  keepAwake: false,
};

const CHOSEN: UploadOptions = {
  keyStrategy: "hash",
  ifExists: "fail",
  storageClass: "GLACIER",
  cacheControl: "no-cache",
  metadata: [{ name: "camera", value: "M6" }],
  tags: [
    { name: "team", value: "photo" },
    { name: "year", value: "" },
  ],
  gzip: true,
  checksum: false,
  keepAwake: true,
};

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

/** Storage in which this text was left by an earlier visit. */
function storing(text: string): () => Storage {
  const storage = memoryStorage();
  saveOptions(storage, PLAIN);
  storage().setItem(storage().key(0) ?? "", text);
  return storage;
}

describe("remembered options", () => {
  test("come back as they were saved", () => {
    const storage = memoryStorage();
    saveOptions(storage, CHOSEN);
    expect(readOptions(storage, CONFIG)).toEqual(CHOSEN);
  });

  test("are the server's defaults at the first visit", () => {
    expect(readOptions(memoryStorage(), CONFIG)).toEqual(PLAIN);
  });

  test.each(["{", "null", "[]"])("give way to the defaults where %s is stored", (text) => {
    expect(readOptions(storing(text), CONFIG)).toEqual(PLAIN);
  });

  test("of an earlier version keep what they have, and what is unreadable gives way alone", () => {
    const earlier = storing('{"keyStrategy":"sideways","ifExists":"fail","tags":[1]}');
    expect(readOptions(earlier, CONFIG)).toEqual({ ...PLAIN, ifExists: "fail" });
  });

  test("forget a storage class that this bucket does not offer", () => {
    const elsewhere = storing(JSON.stringify({ ...CHOSEN, storageClass: "EXPRESS_ONEZONE" }));
    expect(readOptions(elsewhere, CONFIG)).toEqual({ ...CHOSEN, storageClass: "" });
  });

  test("give way where storage is closed, and saving harms nothing", () => {
    const closed = () => {
      throw new DOMException("denied", "SecurityError");
    };
    expect(readOptions(closed, CONFIG)).toEqual(PLAIN);
    expect(() => saveOptions(closed, CHOSEN)).not.toThrow();
  });
});

describe("toAddOptions", () => {
  test("names what was chosen", () => {
    expect(toAddOptions(CHOSEN)).toEqual({
      keyStrategy: "hash",
      ifExists: "fail",
      storageClass: "GLACIER",
      cacheControl: "no-cache",
      metadata: { camera: "M6" },
      tags: { team: "photo", year: "" },
      gzip: true,
      checksum: false,
    });
  });

  test("leaves the server what was not chosen", () => {
    expect(toAddOptions(PLAIN)).toEqual({
      keyStrategy: "plain",
      ifExists: "rename",
      gzip: false,
      checksum: true,
    });
  });

  test("leaves out tags for which metadata and Cache-Control leave no room", () => {
    const tags = Array.from({ length: 10 }, (_, index) => ({
      name: `${index}`.padEnd(128, "ö"),
      value: "v",
    }));
    const few = Object.keys(toAddOptions({ ...PLAIN, tags }).tags ?? {}).length;
    const cacheControl = `private, ${"x".repeat(1000)}`;
    const fewer = Object.keys(toAddOptions({ ...PLAIN, tags, cacheControl }).tags ?? {}).length;
    expect(few).toBeLessThan(10);
    expect(fewer).toBeLessThan(few);
  });

  test("leaves out what no header can carry", () => {
    const options = {
      ...PLAIN,
      cacheControl: "no–cache",
      metadata: [{ name: "größe", value: "x" }],
      tags: [{ name: "", value: "x" }],
    };
    expect(toAddOptions(options)).toEqual(toAddOptions(PLAIN));
  });
});

test("describeFolded says what is set out of sight", () => {
  expect(describeFolded(PLAIN)).toBe("");
  expect(describeFolded(CHOSEN)).toBe(
    "Glacier Flexible Retrieval · no-cache · 1 metadata · 2 tags",
  );
  const oneTag = {
    ...PLAIN,
    tags: [
      { name: "team", value: "" },
      { name: "", value: "" },
    ],
  };
  expect(describeFolded(oneTag)).toBe("1 tag");
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
