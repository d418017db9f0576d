import { describe, expect, test } from "vitest";
import { judgeTags, MAX_TAG_COUNT } from "../../../../web/app/options/object-tags.ts";

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
    const rows = Array.from({ length: MAX_TAG_COUNT + 1 }, (_, index) => row(`k${index}`));
    const { accepted, faults } = judgeTags(rows);
    expect(Object.keys(accepted)).toHaveLength(MAX_TAG_COUNT);
    expect(faults.at(-1)).toContain("at most 10");
  });
});
