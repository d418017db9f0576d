import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPrefixTree } from "../../../../../shared/prefix-tree.ts";
import { layOut, neighbour, prefixesOf } from "../../../../../web/app/admin/keys/icicle.ts";

function treeOf(sizes: Readonly<Record<string, number>>) {
  const tree = createPrefixTree();
  for (const [key, sizeBytes] of Object.entries(sizes)) tree.add(key, sizeBytes);
  return [...tree.blocks()];
}

const TREE = treeOf({ "a/1": 10, "a/2": 10, "a/3": 10, "b/1/x": 970 });

describe("the layout of a picture", () => {
  it("is as high as the counts, the largest on top", () => {
    const blocks = layOut(TREE, 0, "count", 1);
    expect(blocks.map(({ prefix, level, top, height }) => [prefix, level, top, height])).toEqual([
      ["", 0, 0, 1],
      ["a/", 1, 0, 0.75],
      ["b/1/x", 1, 0.75, 0.25],
    ]);
  });

  it("is as high as the bytes", () => {
    const blocks = layOut(TREE, 0, "bytes", 1);
    expect(blocks.map(({ prefix, height }) => [prefix, height])).toEqual([
      ["", 1],
      ["b/1/x", 0.97],
      ["a/", 0.03],
    ]);
  });

  it("begins with the prefix that is gone into", () => {
    const focus = prefixesOf(TREE).indexOf("a/");
    const blocks = layOut(TREE, focus, "count", 3);
    expect(blocks.map(({ prefix, level }) => [prefix, level])).toEqual([
      ["a/", 0],
      ["a/1", 1],
      ["a/2", 1],
      ["a/3", 1],
    ]);
  });

  it("puts together what is too small for a name", () => {
    const many = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`large/${index}`, 1] as const),
    );
    const blocks = layOut(treeOf({ ...many, small: 1, "q/x": 1 }), 0, "count", 1);
    expect(blocks.at(-1)).toMatchObject({ prefix: "large/", level: 1 });
    const bytes = layOut(treeOf({ one: 1000, two: 5, three: 5 }), 0, "bytes", 1);
    expect(bytes.at(-1)).toMatchObject({
      index: -1,
      label: "everything else",
      count: 2,
      bytes: 10,
    });
  });

  it("is a block without height where nothing has bytes", () => {
    const blocks = layOut(treeOf({ a: 0, b: 0 }), 0, "bytes", 2);
    expect(blocks).toHaveLength(1);
    expect(blocks[0]?.height).toBe(1);
  });

  it("has no block outside of the one that it stands in, and none over another", () => {
    const aKey = fc.string({
      unit: fc.constantFrom("a", "b", "c", "/"),
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        fc.dictionary(aKey, fc.nat(1000)),
        fc.constantFrom("count", "bytes"),
        (sizes, by) => {
          const blocks = layOut(treeOf(sizes), 0, by, 4);
          for (let level = 0; level <= 4; level += 1) {
            let end = 0;
            for (const { top, height } of blocks.filter((block) => block.level === level)) {
              expect(top).toBeGreaterThanOrEqual(end - 1e-9);
              end = top + height;
            }
            expect(end).toBeLessThanOrEqual(1 + 1e-9);
          }
        },
      ),
    );
  });
});

describe("arrow keys", () => {
  const blocks = layOut(TREE, 0, "count", 2);
  const at = (prefix: string) => blocks.findIndex((block) => block.prefix === prefix);

  it.each([
    ["", "ArrowRight", "a/"],
    ["a/", "ArrowDown", "b/1/x"],
    ["b/1/x", "ArrowUp", "a/"],
    ["a/", "ArrowRight", "a/1"],
    ["a/2", "ArrowLeft", "a/"],
    ["a/3", "Home", ""],
  ])("lead from %j by %s to %j", (from, arrow, to) => {
    expect(neighbour(blocks, at(from), arrow)).toBe(at(to));
  });

  it.each([
    ["", "ArrowLeft"],
    ["", "ArrowUp"],
    ["b/1/x", "ArrowRight"],
    ["a/3", "ArrowDown"],
    ["a/", "Enter"],
  ])("lead nowhere from %j by %s", (from, arrow) => {
    expect(neighbour(blocks, at(from), arrow)).toBeNull();
  });
});
