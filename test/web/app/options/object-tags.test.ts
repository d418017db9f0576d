import { describe, expect, test } from "vitest";
import { MAX_OBJECT_TAGS } from "../../../../shared/limits.ts";
import { judgeTags as judgeTagsIn } from "../../../../web/app/options/object-tags.ts";
import type { NamedValue } from "../../../../web/app/options/named-values.ts";

const judgeTags = (rows: readonly NamedValue[]) => judgeTagsIn(rows, 6000);
const row = (name: string, value = "x") => ({ name, value });

describe("judgeTags", () => {
  test("takes letters of every script, and keys that differ in capitals", () => {
    const rows = [row("Projekt größe", "日本 1+1=2"), row("projekt größe", "")];
    const { accepted, faults } = judgeTags(rows);
    expect(accepted).toEqual({ "Projekt größe": "日本 1+1=2", "projekt größe": "" });
    expect(faults).toEqual([null, null]);
  });

  test.each([
    ["no key", row("")],
    ["a key of 129 characters", row("k".repeat(129))],
    ["a value of 257 characters", row("k", "v".repeat(257))],
    ["a sign that S3 refuses", row("k", "50 %")],
    ["a line break", row("k", "a\nb")],
    ["Amazon's own prefix", row("AWS:cost")],
    ["a key that stands above", row("good")],
  ])("leaves out a tag with %s, and says why", (_, bad) => {
    const { accepted, faults } = judgeTags([row("good"), bad]);
    expect(accepted).toEqual({ good: "x" });
    expect(faults[1]).toMatch(/^[A-Z]/);
  });

  test("takes the longest key and value", () => {
    expect(judgeTags([row("k".repeat(128), "v".repeat(256))]).faults).toEqual([null]);
  });

  test("leaves out the eleventh", () => {
    const rows = Array.from({ length: MAX_OBJECT_TAGS + 1 }, (_, index) => row(`k${index}`));
    const { accepted, faults } = judgeTags(rows);
    expect(Object.keys(accepted)).toHaveLength(MAX_OBJECT_TAGS);
    expect(faults.at(-1)).toContain("at most 10");
  });

  test("leaves out what has no room left, counted as it is sent", () => {
    const { accepted, faults } = judgeTagsIn([row("a", "b"), row("größe", "x")], 15);
    expect(accepted).toEqual({ a: "b" });
    expect(faults[1]).toMatch(/no room/);
    expect(judgeTagsIn([row("größe", "x")], "gr%C3%B6%C3%9Fe=x".length).faults).toEqual([null]);
  });
});
