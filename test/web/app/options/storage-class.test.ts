import { expect, test } from "vitest";
import { STORAGE_CLASSES } from "../../../../shared/storage-class.ts";
import { describeStorageClass } from "../../../../web/app/options/storage-class.ts";

test.each(STORAGE_CLASSES)("%s has a name of its own and a sentence", (name) => {
  const { label, sentence } = describeStorageClass(name);
  expect(label).not.toBe(name);
  expect(sentence).toMatch(/^[A-Z].*\.$/);
});

test.each(["GLACIER", "DEEP_ARCHIVE"])("%s says that it has to be restored first", (name) => {
  expect(describeStorageClass(name).sentence).toContain("restored");
});

test("a class that nobody knows keeps its name", () => {
  expect(describeStorageClass("NVME_FAST").label).toBe("NVME_FAST");
  expect(describeStorageClass("toString").label).toBe("toString");
});
