import { describe, expect, test } from "vitest";
import {
  evaluateRead,
  rangeApplies,
  readConditions,
  writeConditions,
} from "../../../server/store/http/conditional.ts";
import { S3Error } from "../../../server/store/s3-error.ts";

const modified = Date.parse("2026-11-20T10:00:00.500Z");
const object = { etag: "abc", lastModified: modified };
const before = "Fri, 20 Nov 2026 09:59:59 GMT";
const same = "Fri, 20 Nov 2026 10:00:00 GMT";
const after = "Fri, 20 Nov 2026 10:00:01 GMT";

function outcome(headers: Record<string, string>): string {
  try {
    return evaluateRead(readConditions(new Map(Object.entries(headers))), object);
  } catch (error) {
    return error instanceof S3Error ? error.code : "?";
  }
}

const M = "if-match";
const N = "if-none-match";
const MS = "if-modified-since";
const US = "if-unmodified-since";

describe("RFC 9110's order of conditions", () => {
  test.each<[string, Record<string, string>, string]>([
    ["no condition", {}, "proceed"],
    ["If-Match that holds", { [M]: '"abc"' }, "proceed"],
    ["If-Match without quotes", { [M]: "abc" }, "proceed"],
    ["If-Match *", { [M]: "*" }, "proceed"],
    ["If-Match in a list", { [M]: '"x", "abc"' }, "proceed"],
    ["If-Match that fails", { [M]: '"x"' }, "PreconditionFailed"],
    ["If-None-Match that holds", { [N]: '"x"' }, "proceed"],
    ["If-None-Match that fails", { [N]: '"abc"' }, "not-modified"],
    ["If-None-Match with a weak tag", { [N]: 'W/"abc"' }, "not-modified"],
    ["If-None-Match *", { [N]: "*" }, "not-modified"],
    ["If-Modified-Since before", { [MS]: before }, "proceed"],
    ["If-Modified-Since the same second", { [MS]: same }, "not-modified"],
    ["If-Modified-Since after", { [MS]: after }, "not-modified"],
    ["If-Unmodified-Since before", { [US]: before }, "PreconditionFailed"],
    ["If-Unmodified-Since the same second", { [US]: same }, "proceed"],
    ["If-Unmodified-Since after", { [US]: after }, "proceed"],
    ["If-Match over If-Unmodified-Since", { [M]: '"abc"', [US]: before }, "proceed"],
    ["If-None-Match over If-Modified-Since", { [N]: '"x"', [MS]: after }, "proceed"],
    ["If-None-Match that fails over a date", { [N]: '"abc"', [MS]: before }, "not-modified"],
    ["If-Match that fails over If-None-Match", { [M]: '"x"', [N]: '"abc"' }, "PreconditionFailed"],
    ["both that hold", { [M]: '"abc"', [N]: '"abc"' }, "not-modified"],
    ["dates that are none", { [MS]: "soon", [US]: "later" }, "proceed"],
  ])("%s", (_, headers, expected) => {
    expect(outcome(headers)).toBe(expected);
  });
});

test("a range counts where If-Range is absent, the strong ETag, or the very date", () => {
  expect(rangeApplies(undefined, object)).toBe(true);
  expect(rangeApplies('"abc"', object)).toBe(true);
  expect(rangeApplies('"x"', object)).toBe(false);
  expect(rangeApplies('W/"abc"', object)).toBe(false);
  expect(rangeApplies(same, object)).toBe(true);
  expect(rangeApplies(after, object)).toBe(false);
});

test("the source of a copy has its own header names", () => {
  const headers = new Map([["x-amz-copy-source-if-match", '"x"']]);
  expect(readConditions(headers, "x-amz-copy-source-")).toEqual({ ifMatch: ["x"] });
  expect(readConditions(headers)).toEqual({});
});

test("a write knows If-None-Match with * alone", () => {
  expect(writeConditions(new Map([["if-none-match", "*"]]))).toEqual({ ifNoneMatch: "*" });
  expect(writeConditions(new Map([["if-match", '"abc"']]))).toEqual({ ifMatch: "abc" });
  expect(() => writeConditions(new Map([["if-none-match", '"abc"']]))).toThrow(
    expect.objectContaining({ code: "NotImplemented" }),
  );
});
