import { expect, test } from "vitest";
import { watchProcess } from "./watch-process.ts";

const WATCH = {
  seed: 5,
  start: 10,
  end: 30,
  mostMs: 20_000,
  mostBytes: 2 ** 31,
  onOutcome: () => undefined,
};

test("a process tries all inputs and tells what came of each", async () => {
  const indexes: number[] = [];
  const onOutcome = (_: string, index: number) => void indexes.push(index);
  expect(await watchProcess({ ...WATCH, onOutcome })).toBeNull();
  expect(indexes).toEqual(Array.from({ length: 20 }, (_, index) => 10 + index));
});

test("one that takes too long is found, with the input that it takes too long for", async () => {
  const find = await watchProcess({ ...WATCH, mostMs: 0 });
  expect(find?.what).toBe("took longer than 0 ms");
  expect(find?.index).toBeGreaterThanOrEqual(10);
});

test("one that takes too much memory is found", async () => {
  const find = await watchProcess({ ...WATCH, mostBytes: 1024 });
  expect(find?.what).toMatch(/^the process has \d+ MiB$/u);
});
