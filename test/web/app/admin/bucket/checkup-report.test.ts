import { describe, expect, test } from "vitest";
import {
  countChecks,
  countsText,
  groupChecks,
  repeatedRemedies,
  reportJson,
  reportText,
  type SeenCheck,
} from "../../../../../web/app/admin/bucket/checkup/checkup-report.ts";

const cors = {
  text: "Set a rule.",
  action: { label: "Set", method: "PUT", path: "/api/admin/bucket/cors" },
} as const;

function aCheck(id: string, status: SeenCheck["status"], more: Partial<SeenCheck> = {}): SeenCheck {
  return {
    id,
    status,
    title: `About ${id}`,
    tried: "A PUT.",
    detail: "It said so.",
    seenBy: "server",
    ...more,
  };
}

const CHECKS = [
  aCheck("endpoint", "pass"),
  aCheck("permission-put-object", "pass"),
  aCheck("cors-rules", "pass"),
  aCheck("browser-put https://bucket.example", "fail", { seenBy: "browser", remedy: cors }),
  aCheck("lifecycle", "warn"),
  aCheck("acceleration", "unsupported"),
  aCheck("something new", "pass"),
];

describe("a check-up's result", () => {
  test("is put into groups, those with failures first and in each the worst first", () => {
    const groups = groupChecks(CHECKS).map(({ name, checks }) => [
      name,
      ...checks.map(({ id }) => id),
    ]);
    expect(groups).toEqual([
      ["What browsers may do", "browser-put https://bucket.example", "cors-rules"],
      ["How the bucket is set up", "lifecycle", "something new", "acceleration"],
      ["Reach and access", "endpoint"],
      ["Permissions", "permission-put-object"],
    ]);
  });

  test("is counted in words", () => {
    expect(countsText(countChecks(CHECKS))).toBe(
      "1 failed, 1 to look at, 4 passed, 1 not supported by this storage",
    );
    expect(countsText(countChecks([]))).toBe("");
  });

  test("shows one remedy once", () => {
    const again = aCheck("cors-preflight", "fail", {
      remedy: { ...cors, action: { ...cors.action, body: {} } },
    });
    const repeated = repeatedRemedies(groupChecks([...CHECKS, again]));
    expect([...repeated].map(({ id }) => id)).toEqual(["cors-preflight"]);
  });

  test("is copied as text and as JSON, with where it was seen", () => {
    const report = {
      bucket: "films",
      page: "https://app.example",
      browser: "Browser 1",
      checkedAt: "2026-11-28T12:00:00Z",
      checks: CHECKS,
    };
    const text = reportText(report);
    expect(text).toContain(
      'Check-up of the bucket "films", 2026-11-28T12:00:00Z\nPage: https://app.example',
    );
    expect(text).toContain(
      "[Failed] About browser-put https://bucket.example (from the browser)\n" +
        "    Tried: A PUT.\n    Came back: It said so.\n    Remedy: Set a rule.",
    );
    expect(JSON.parse(reportJson(report))).toEqual(report);
  });
});
