import { expect, test } from "vitest";
import { createResultStore } from "../../../../../web/app/query/run/result-store.ts";
import { createRowReader } from "../../../../../web/app/query/run/row-reader.ts";
import { createRowSource } from "../../../../../web/app/query/table/row-cache.ts";

/** A source of a hundred rows, `{"n":0}` and so on, that counts what it reads. */
function scene() {
  const store = createResultStore();
  const lines = Array.from({ length: 100 }, (_, n) => `{"n":${n}}\n`);
  let size = 0;
  const ends = Uint32Array.from(lines, (line) => (size += line.length) - 1);
  store.add({ bytes: new TextEncoder().encode(lines.join("")), ends });
  const read = createRowReader([{ name: "n" }]);
  const looked = { count: 0 };
  const source = createRowSource(store, (bytes, start, end) => {
    looked.count += 1;
    return read(bytes, start, end);
  });
  const shown = (first: number, end: number) =>
    source(first, end).map(({ index, slot, cells }) => [index, slot, cells[0]?.text]);
  return { shown, looked };
}

test("what stays in sight is read once and keeps its slot; what comes takes over what left", () => {
  const { shown, looked } = scene();
  expect(shown(0, 3)).toEqual([
    [0, 0, "0"],
    [1, 1, "1"],
    [2, 2, "2"],
  ]);
  expect(shown(1, 4)).toEqual([
    [1, 1, "1"],
    [2, 2, "2"],
    [3, 0, "3"],
  ]);
  expect(looked.count).toBe(4);
});

test("a leap leaves every slot in its place", () => {
  const { shown } = scene();
  shown(0, 3);
  shown(1, 4);
  expect(shown(50, 53).map(([, slot]) => slot)).toEqual([1, 2, 0]);
});

test("a taller window takes new slots, none twice; there are no rows behind the last", () => {
  const { shown } = scene();
  shown(0, 3);
  const slots = shown(95, 101).map(([, slot]) => slot);
  expect(slots).toEqual([0, 1, 2, 3, 4]);
  shown(96, 98);
  expect(new Set(shown(90, 100).map(([, slot]) => slot)).size).toBe(10);
});
