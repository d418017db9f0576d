import { expect, test } from "vitest";
import { createReaders } from "../../../server/store/content/readers.ts";

function watched(): { readers: ReturnType<typeof createReaders>; removed: string[] } {
  const removed: string[] = [];
  return { readers: createReaders((ids) => removed.push(...ids)), removed };
}

test("what nobody reads is removed at once", () => {
  const { readers, removed } = watched();
  readers.release("owner", ["a", "b"]);
  expect(removed).toEqual(["a", "b"]);
});

test("what is being read waits for the last reader", () => {
  const { readers, removed } = watched();
  const [first, second] = [readers.pin("owner"), readers.pin("owner")];
  readers.release("owner", ["a"]);
  first();
  expect(removed).toEqual([]);
  expect(readers.isWaiting("a")).toBe(true);
  second();
  expect(removed).toEqual(["a"]);
  expect(readers.isWaiting("a")).toBe(false);
});

test("a reader who leaves twice counts once", () => {
  const { readers, removed } = watched();
  const first = readers.pin("owner");
  readers.pin("owner");
  readers.release("owner", ["a"]);
  first();
  first();
  expect(removed).toEqual([]);
});
