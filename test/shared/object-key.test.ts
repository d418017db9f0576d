import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_KEY_BYTES } from "../../shared/limits.ts";
import {
  normalizeKey,
  numberedKey,
  objectKey,
  utf8Length,
  type KeySource,
} from "../../shared/object-key.ts";
import { ProblemError } from "../../shared/problem.ts";

const source: KeySource = {
  strategy: "plain",
  prefix: "",
  md5Hex: (text) => createHash("md5").update(text).digest("hex"),
  random: () => 0.5,
  now: new Date("2024-01-15T12:00:00Z"),
};

/** Text as hostile as possible: lone surrogates, separators, controls, combining marks, long runs. */
const anyPath = fc
  .array(
    fc.oneof(
      fc.constantFrom("/", "//", ".", "..", "\\", "\0", "\n", "\uD800", "\uDC00", "e\u0301", "😀"),
      fc.string({ unit: "binary" }),
      fc.integer({ min: 1, max: 400 }).map((count) => "ü".repeat(count)),
    ),
  )
  .map((pieces) => pieces.join(""));

const keyOf = (path: string): string | null => {
  try {
    return normalizeKey(path);
  } catch (error) {
    if (error instanceof ProblemError && error.code === "invalid-name") return null;
    throw error;
  }
};

describe("normalizeKey", () => {
  it.each([
    "plain.txt",
    "folder/sub folder/file.tar.gz",
    "#?%&+ \"'<>.txt",
    "%2e%2e%2f.txt",
    " leading and trailing ",
    "...",
    ".hidden",
    "日本語/العربية/עברית/русский.png",
    "👨‍👩‍👧‍👦 family.jpg",
    "a:b|c*d.txt",
  ])("keeps %j", (name) => {
    expect(normalizeKey(name)).toBe(name);
  });

  it.each([
    ["/etc/passwd", "etc/passwd"],
    ["../../secret.txt", "secret.txt"],
    ["a/./b/../c", "a/b/c"],
    ["a//b/", "a/b"],
    ["C:\\photos\\a.jpg", "C:_photos_a.jpg"],
    ["line\nbreak\u0000\u007f\u0085.txt", "line_break___.txt"],
    ["e\u0301.txt", "\u00e9.txt"],
    ["half \uD83D.txt", "half \uFFFD.txt"],
    ["\uFFFE\uFFFF", "__"],
  ])("makes %j legal as %j", (name, key) => {
    expect(normalizeKey(name)).toBe(key);
  });

  it.each(["", "/", ".", "..", "../..", "//./"])("refuses %j, of which nothing is left", (name) => {
    expect(() => normalizeKey(name)).toThrow(expect.objectContaining({ code: "invalid-name" }));
  });

  it("cuts a long name before its extension, at a whole character", () => {
    const key = normalizeKey(`${"😀".repeat(300)}.jpeg`);
    expect(key).toBe(`${"😀".repeat(254)}.jpeg`);
    expect(utf8Length(key)).toBe(1021);
  });

  it("lets a name of exactly 1,024 bytes be and cuts one more", () => {
    const longest = "a".repeat(1020) + ".txt";
    expect(normalizeKey(longest)).toBe(longest);
    expect(normalizeKey(`a${longest}`)).toBe(longest);
  });

  it("always makes a legal key, and the same one when applied again", () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        const key = keyOf(path);
        if (key === null) return;
        expect(utf8Length(key)).toBeLessThanOrEqual(MAX_KEY_BYTES);
        expect(key).not.toMatch(/[\p{Cc}\p{Surrogate}\\\uFFFE\uFFFF]/u);
        expect(key.split("/").filter((segment) => ["", ".", ".."].includes(segment))).toEqual([]);
        expect(key).toBe(key.normalize("NFC"));
        expect(normalizeKey(key)).toBe(key);
      }),
    );
  });

  it("keeps distinct names distinct where it changes neither", () => {
    fc.assert(
      fc.property(anyPath, anyPath, (one, other) => {
        const [first, second] = [keyOf(one), keyOf(other)];
        if (first !== one || second !== other) return true;
        return (one === other) === (first === second);
      }),
    );
  });
});

describe("objectKey", () => {
  it("puts nothing in front with the plain strategy", () => {
    expect(objectKey("a/b.txt", source)).toBe("a/b.txt");
  });

  it("puts the first four digits of the path's MD5 in front with the hash strategy", () => {
    expect(objectKey("logs/2024/01/01/app.log", { ...source, strategy: "hash" })).toBe(
      `${source.md5Hex("logs/2024/01/01/app.log").slice(0, 4)}/logs/2024/01/01/app.log`,
    );
  });

  it("puts day, month and the year backwards in front with the reversed date", () => {
    expect(objectKey("file.log", { ...source, strategy: "reversed-date" })).toBe(
      "15/01/4202/file.log",
    );
  });

  it.each([
    [0, "0000/a"],
    [0.5, "8000/a"],
    [0.999_999_99, "ffff/a"],
  ])("puts four hexadecimal digits in front with the random strategy (%d)", (random, key) => {
    expect(objectKey("a", { ...source, strategy: "random", random: () => random })).toBe(key);
  });

  it("stays within 1,024 bytes with prefix and strategy", () => {
    fc.assert(
      fc.property(
        anyPath.filter((path) => keyOf(path) !== null),
        fc.constantFrom("plain", "hash", "random", "reversed-date"),
        fc.constantFrom("", "users/42/", "präfix-"),
        (path, strategy, prefix) => {
          const key = objectKey(path, { ...source, strategy, prefix });
          return key.startsWith(prefix) && utf8Length(key) <= MAX_KEY_BYTES;
        },
      ),
    );
  });
});

describe("numberedKey", () => {
  it.each([
    ["photo.jpg", "photo (2).jpg"],
    ["a.b/c", "a.b/c (2)"],
    [".env", ".env (2)"],
    ["x/.env", "x/.env (2)"],
    ["archive.tar.gz", "archive.tar (2).gz"],
  ])("numbers %j as %j", (key, numbered) => {
    expect(numberedKey(key, 2)).toBe(numbered);
  });

  it("makes room for the number in a key of full length", () => {
    const key = numberedKey("ü".repeat(510) + ".txt", 12);
    expect(key).toMatch(/ü \(12\)\.txt$/);
    expect(utf8Length(key)).toBeLessThanOrEqual(MAX_KEY_BYTES);
  });

  it("keeps what stands in front, in a key of full length too", () => {
    const prefix = "/a..b//";
    expect(numberedKey(`${prefix}x`, 2, prefix)).toBe("/a..b//x (2)");
    const full = numberedKey(prefix + "é".repeat(508), 2, prefix);
    expect(full.startsWith(`${prefix}é`)).toBe(true);
    expect(utf8Length(full)).toBeLessThanOrEqual(MAX_KEY_BYTES);
  });

  it("never answers the same key for two numbers", () => {
    fc.assert(
      fc.property(
        anyPath.filter((path) => keyOf(path) !== null),
        (path) => numberedKey(normalizeKey(path), 2) !== numberedKey(normalizeKey(path), 3),
      ),
    );
  });
});
