import { describe, expect, test } from "vitest";
import { checkCopySource, checkWrite } from "../../../server/store/engine/conditions.ts";

const existing = { etag: "aa", lastModified: 10_500 };

describe("conditions of a write", () => {
  test.each([
    ["if-none-match and nothing there", undefined, { ifNoneMatch: "*" }, "before", "passes"],
    [
      "if-none-match and something there",
      existing,
      { ifNoneMatch: "*" },
      "before",
      "PreconditionFailed",
    ],
    [
      "if-none-match and something there at last",
      existing,
      { ifNoneMatch: "*" },
      "commit",
      "PreconditionFailed",
    ],
    ["if-match of the ETag", existing, { ifMatch: "aa" }, "commit", "passes"],
    ["if-match of any", existing, { ifMatch: "*" }, "commit", "passes"],
    ["if-match of another ETag", existing, { ifMatch: "bb" }, "before", "PreconditionFailed"],
    ["if-match and nothing there", undefined, { ifMatch: "aa" }, "before", "NoSuchKey"],
    [
      "if-match and no longer there",
      undefined,
      { ifMatch: "aa" },
      "commit",
      "ConditionalRequestConflict",
    ],
  ] as const)("%s", (_, object, conditions, moment, outcome) => {
    const check = (): void => checkWrite(object, conditions, moment);
    if (outcome === "passes") expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code: outcome }));
  });
});

describe("conditions on the source of a copy", () => {
  test.each([
    ["a matching tag overrides the date", { ifMatch: ["aa"], ifUnmodifiedSince: 0 }, true],
    ["another tag", { ifMatch: ["bb"] }, false],
    ["unmodified within the same second", { ifUnmodifiedSince: 10_000 }, true],
    ["modified since", { ifUnmodifiedSince: 9000 }, false],
    ["none of the tags", { ifNoneMatch: ["bb"], ifModifiedSince: 20_000 }, true],
    ["one of the tags", { ifNoneMatch: ["bb", "aa"] }, false],
    ["not modified since", { ifModifiedSince: 10_000 }, false],
    ["modified after", { ifModifiedSince: 9000 }, true],
  ])("%s", (_, conditions, passes) => {
    const check = (): void => checkCopySource(existing, conditions);
    if (passes) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code: "PreconditionFailed" }));
  });
});
