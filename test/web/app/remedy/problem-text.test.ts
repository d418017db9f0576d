import { describe, expect, test } from "vitest";
import { PROBLEMS } from "../../../../shared/problem.ts";
import {
  describeFailure,
  describeProblem,
  PROBLEM_TEXTS,
} from "../../../../web/app/remedy/problem-text.ts";

describe("PROBLEM_TEXTS", () => {
  test.each(Object.keys(PROBLEMS))("%s has a sentence of its own and a remedy", (code) => {
    const text = describeProblem(code);
    expect(text).not.toBe(describeProblem("no-such-code"));
    expect(text.remedy).not.toBe("");
  });

  test("every sentence is one, and no two codes share it", () => {
    const sentences = Object.values(PROBLEM_TEXTS).map((text) => text.sentence);
    expect(new Set(sentences).size).toBe(sentences.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z][^.]*\.$/);
  });
});

test("a code that nobody knows still gets a way out", () => {
  expect(describeProblem("toString").sentence).toBe("Something went wrong.");
  expect(describeProblem("brand-new").remedy).toContain("Try again");
});

test("only problems of the CORS rule show it", () => {
  const codes = Object.entries(PROBLEM_TEXTS).filter(([, text]) => text.showsCorsRule);
  expect(codes.map(([code]) => code)).toEqual(["cors-blocked", "etag-hidden"]);
});

describe("describeFailure", () => {
  const mismatch = {
    code: "checksum-mismatch",
    detail: "Part 17: the storage has another CRC64NVME",
  };

  test("names the part whose checksum is wrong, where the detail does", () => {
    expect(describeFailure(mismatch).sentence).toBe("Part 17 arrived otherwise than it was sent.");
    expect(describeFailure({ ...mismatch, detail: "The whole object" })).toBe(
      describeProblem("checksum-mismatch"),
    );
  });

  test("reads no part into another problem", () => {
    const gone = { code: "upload-gone", detail: "Part 17 was not found" };
    expect(describeFailure(gone)).toBe(describeProblem("upload-gone"));
  });
});
