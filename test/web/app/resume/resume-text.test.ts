import { describe, expect, test } from "vitest";
import {
  describeResumable,
  describeTakeUpFailure,
} from "../../../../web/app/resume/resume-text.ts";
import { scriptedResumable } from "../scripted-uploader.ts";

const upload = scriptedResumable({ id: "r", name: "film.mov" });
const NOW = upload.updatedAt + 2 * 3_600_000;

describe("describeResumable", () => {
  test("says what is there, how far that is, and since when", () => {
    expect(describeResumable(upload, NOW)).toBe(
      "630 bytes of 1.0 kB are there · 63 % · 2 hours ago",
    );
  });

  test("promises nothing where nothing is there", () => {
    expect(describeResumable({ ...upload, heldBytes: 0 }, NOW)).toBe(
      "1.0 kB · nothing of it is there yet · 2 hours ago",
    );
  });
});

describe("describeTakeUpFailure", () => {
  const wrong = (file: { name: string; size: number }) =>
    describeTakeUpFailure("file-changed", upload, file);

  test("names the sizes where they differ, to the byte", () => {
    const { sentence } = wrong({ name: "film.mov", size: 1001 });
    expect(sentence).toContain("1,001 bytes");
    expect(sentence).toContain("1,000 bytes");
  });

  test("names the names where only they differ", () => {
    expect(wrong({ name: "other.mov", size: 1000 }).sentence).toContain("“other.mov”");
  });

  test("says that the content differs where nothing else does", () => {
    expect(wrong({ name: "film.mov", size: 1000 }).sentence).toMatch(/has changed since/);
  });

  test("blames no choice where the browser had kept the file", () => {
    expect(describeTakeUpFailure("file-changed", upload).sentence).toMatch(/on this device/);
  });

  test.each(["file-unreadable", "file-denied", "in-use", "not-found", "brand-new"])(
    "%s has a sentence and a remedy",
    (code) => {
      const { sentence, remedy } = describeTakeUpFailure(code, upload);
      expect(sentence).toMatch(/\.$/);
      expect(remedy).toMatch(/\.$/);
    },
  );
});
