import * as fc from "fast-check";
import { expect, test } from "vitest";
import { splitFileName } from "../../../../web/app/queue/file-name.ts";

test("keeps the end of a long name and the folder apart", () => {
  expect(splitFileName("a/b/holiday-master_final.mov")).toEqual({
    folder: "a/b/",
    stem: "holiday-master",
    tail: "_final.mov",
  });
});

test("leaves a short name whole", () => {
  expect(splitFileName("plan.pdf")).toEqual({ folder: "", stem: "", tail: "plan.pdf" });
});

test("never cuts inside a letter", () => {
  const family = "👨‍👩‍👧‍👦";
  expect(splitFileName(`${family.repeat(12)}.mp4`).tail).toBe(`${family.repeat(6)}.mp4`);
});

test("cuts an absurd name at a letter too", () => {
  const letter = `e${"\u0301".repeat(100)}`;
  expect(splitFileName(letter.repeat(9)).tail).toBe(letter.repeat(2));
});

test("loses nothing of a path", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (path) => {
      const { folder, stem, tail } = splitFileName(path);
      expect(folder + stem + tail).toBe(path);
    }),
  );
});
