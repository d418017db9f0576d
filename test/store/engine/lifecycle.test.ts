import { describe, expect, test } from "vitest";
import type { LifecycleRule } from "../../../server/store/engine.ts";
import {
  abortOf,
  checkedLifecycle,
  dueAfterDays,
  expirationOf,
} from "../../../server/store/engine/lifecycle.ts";

const at = (text: string): number => Date.parse(text);
const rule = (parts: Partial<LifecycleRule>): LifecycleRule => ({
  id: "rule",
  isEnabled: true,
  filter: {},
  ...parts,
});
const object = {
  key: "logs/a",
  sizeBytes: 100,
  lastModified: at("2026-01-15T10:30:00Z"),
  tags: {},
};

describe("due dates", () => {
  test("are the midnight after the full days, as S3's example has it", () => {
    expect(dueAfterDays(at("2014-01-15T10:30:00Z"), 3)).toBe(at("2014-01-19T00:00:00Z"));
  });

  test("stay at a midnight that they meet", () => {
    expect(dueAfterDays(at("2014-01-15T00:00:00Z"), 1)).toBe(at("2014-01-16T00:00:00Z"));
  });
});

describe("expiry", () => {
  test("is the earliest of the rules that apply", () => {
    const rules = [
      rule({ id: "late", expireAfterDays: 30 }),
      rule({ id: "early", expireAfterDays: 2 }),
      rule({ id: "off", isEnabled: false, expireAfterDays: 1 }),
    ];
    expect(expirationOf(rules, object)).toEqual({
      at: at("2026-01-18T00:00:00Z"),
      ruleId: "early",
    });
  });

  test.each([
    ["prefix", { prefix: "logs/" }, true],
    ["another prefix", { prefix: "data/" }, false],
    ["a tag that it has", { tags: { tier: "cold" } }, true],
    ["a tag of another value", { tags: { tier: "hot" } }, false],
    ["a smaller lower bound", { sizeGreaterThanBytes: 99 }, true],
    ["an equal lower bound", { sizeGreaterThanBytes: 100 }, false],
    ["an equal upper bound", { sizeLessThanBytes: 100 }, false],
    ["all of several", { prefix: "logs/", tags: { tier: "cold" }, sizeLessThanBytes: 101 }, true],
    ["one of several missing", { prefix: "logs/", tags: { tier: "hot" } }, false],
  ])("filter by %s", (_, filter, applies) => {
    const tagged = { ...object, tags: { tier: "cold" } };
    const due = expirationOf([rule({ filter, expireAfterDays: 1 })], tagged);
    expect(due !== undefined).toBe(applies);
  });

  test("may stand at a date", () => {
    const expireAt = at("2027-01-01T00:00:00Z");
    expect(expirationOf([rule({ expireAt })], object)?.at).toBe(expireAt);
  });
});

describe("aborting", () => {
  test("counts from the initiation and goes by prefix", () => {
    const upload = { key: "logs/a", initiatedAt: object.lastModified };
    const rules = [rule({ filter: { prefix: "logs/" }, abortIncompleteAfterDays: 7 })];
    expect(abortOf(rules, upload)?.at).toBe(at("2026-01-23T00:00:00Z"));
    expect(abortOf(rules, { ...upload, key: "data" })).toBeUndefined();
  });
});

describe("rules are checked as S3 does", () => {
  test.each([
    ["no rules", [], "MalformedXML"],
    ["a rule without an action", [rule({})], "InvalidArgument"],
    ["zero days", [rule({ expireAfterDays: 0 })], "InvalidArgument"],
    ["days and a date", [rule({ expireAfterDays: 1, expireAt: 0 })], "MalformedXML"],
    ["a date within a day", [rule({ expireAt: 1 })], "InvalidArgument"],
    [
      "one ID twice",
      [rule({ expireAfterDays: 1 }), rule({ expireAfterDays: 2 })],
      "InvalidArgument",
    ],
    [
      "abort by tag",
      [rule({ abortIncompleteAfterDays: 1, filter: { tags: { a: "b" } } })],
      "InvalidRequest",
    ],
  ])("%s", (_, rules, code) => {
    expect(() => checkedLifecycle(rules)).toThrow(expect.objectContaining({ code }));
  });

  test("a rule without an ID gets one that is free", () => {
    const { id: _, ...unnamed } = rule({ expireAfterDays: 1 });
    const [first, second] = checkedLifecycle([rule({ id: "rule-2", expireAfterDays: 1 }), unnamed]);
    expect(first?.id).toBe("rule-2");
    expect(second?.id).toBe("rule-3");
  });
});
