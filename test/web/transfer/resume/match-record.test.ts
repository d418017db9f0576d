import { describe, expect, test } from "vitest";
import { matchRecord } from "../../../../web/transfer/resume/match-record.ts";
import { recordOf } from "./records.ts";

const record = recordOf();
const file = {
  name: record.name,
  size: record.sizeBytes,
  lastModified: record.lastModified,
  relativePath: record.relativePath,
};

describe("matchRecord", () => {
  test("finds the record of the same name, place, size and date", () => {
    const others = [recordOf({ name: "other.mp4" }), record];
    expect(matchRecord(file, others)).toBe(record);
  });

  test.each([
    ["name", { name: "film2.mp4" }],
    ["place", { relativePath: "film.mp4" }],
    ["size", { size: record.sizeBytes + 1 }],
    ["date", { lastModified: record.lastModified + 1 }],
  ])("a file of another %s is another file", (_, change) => {
    expect(matchRecord({ ...file, ...change }, [record])).toBeNull();
  });

  test("of several, the one written last goes on", () => {
    const older = recordOf({ recordId: "older", updatedAt: record.updatedAt - 1 });
    const newer = recordOf({ recordId: "newer", updatedAt: record.updatedAt + 1 });
    expect(matchRecord(file, [older, newer, record])).toBe(newer);
  });
});
