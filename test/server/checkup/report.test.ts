import { describe, expect, it } from "vitest";
import { reportOf } from "../../../server/checkup/report.ts";

describe("the report for a person", () => {
  it("has the remedy below what it mends, and what is copied once", () => {
    const text = reportOf(
      {
        checkedAt: "2026-11-28T00:00:00.000Z",
        checks: [
          { id: "a", title: "One", status: "pass", tried: "PUT.", detail: "Works." },
          { id: "b", title: "Two", status: "unsupported", tried: "GET.", detail: "It has none." },
          {
            id: "c",
            title: "Three",
            status: "fail",
            tried: "DELETE.",
            detail: "Refused.",
            remedy: { text: "Allow it.", copy: [{ label: "Policy", text: "{\n}" }] },
          },
          { id: "d", title: "Four", status: "warn", tried: "HEAD.", detail: "Costs." },
          {
            id: "e",
            title: "Five",
            status: "fail",
            tried: "POST.",
            detail: "Refused.",
            remedy: { text: "Allow that.", copy: [{ label: "Policy", text: "{\n}" }] },
          },
        ],
      },
      "films",
    );
    expect(text).toBe(
      [
        'Check-up of the bucket "films"',
        "",
        "✓ One: Works.",
        "– Two: It has none.",
        "✗ Three: Refused.",
        "    Tried: DELETE.",
        "    Remedy: Allow it.",
        "    Policy:",
        "      {",
        "      }",
        "! Four: Costs.",
        "✗ Five: Refused.",
        "    Tried: POST.",
        "    Remedy: Allow that. (As above.)",
        "",
        "1 passed, 1 to look at, 2 failed, 1 not supported by this storage",
        "",
      ].join("\n"),
    );
  });
});
