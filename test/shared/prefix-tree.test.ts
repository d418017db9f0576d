import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPrefixTree, type PrefixBlock } from "../../shared/prefix-tree.ts";

function treeOf(keys: readonly string[], sizeBytes = 1) {
  const tree = createPrefixTree();
  for (const key of keys) tree.add(key, sizeBytes);
  return tree;
}

/** Whole prefixes, and how many keys begin with them. */
function named(blocks: readonly PrefixBlock[]): Record<string, number> {
  const names: string[] = [];
  blocks.forEach(({ parent, label }, index) => (names[index] = (names[parent] ?? "") + label));
  return Object.fromEntries(blocks.map(({ count }, index) => [names[index], count]));
}

const numbered = (count: number, digits: number) =>
  Array.from({ length: count }, (_, index) => String(index).padStart(digits, "0"));

describe("a prefix tree", () => {
  it("is empty for an empty bucket", () => {
    expect(treeOf([]).blocks()).toEqual([{ parent: -1, label: "", count: 0, bytes: 0 }]);
  });

  it("is one block for one key", () => {
    expect(treeOf(["a/b/c.txt"], 7).blocks()).toEqual([
      { parent: -1, label: "a/b/c.txt", count: 1, bytes: 7 },
    ]);
  });

  it("splits at slashes, the heaviest first, and joins what does not branch", () => {
    const keys = ["logs/2026/01.gz", "logs/2026/02.gz", "logs/2026/03.gz", "photos/one.jpg"];
    expect(named(treeOf(keys).blocks())).toEqual({
      "": 4,
      "logs/2026/": 3,
      "logs/2026/01.gz": 1,
      "logs/2026/02.gz": 1,
      "logs/2026/03.gz": 1,
      "photos/one.jpg": 1,
    });
  });

  it("splits by characters where there are many siblings without a slash", () => {
    const blocks = named(treeOf(numbered(3000, 6).map((number) => `img-${number}.jpg`)).blocks());
    expect(blocks).toMatchObject({ "img-00": 3000, "img-000": 1000, "img-001": 1000 });
    expect(blocks["img-0017"]).toBe(100);
  });

  it("splits folders by their characters where they are hashes", () => {
    const keys = Array.from({ length: 65_536 }, (_, index) => index.toString(16).padStart(4, "0"));
    const blocks = treeOf(keys.map((hash) => `${hash}/file`)).blocks();
    const top = blocks.filter(({ parent }) => parent === 0);
    expect(top.map(({ label }) => label).toSorted()).toEqual([..."0123456789abcdef"]);
    expect(top.every(({ count }) => count === 4096)).toBe(true);
  });

  it("weighs by bytes too: one large object is seen among many small ones", () => {
    const tree = treeOf(numbered(5000, 5).map((number) => `small/${number}`));
    tree.add("large.bin", 1e9);
    const large = tree.blocks().find(({ label }) => label === "large.bin");
    expect(large).toMatchObject({ count: 1, bytes: 1e9 });
  });

  it("stays small and exact where far more prefixes come than it holds", () => {
    const keys = numbered(400, 3).flatMap((folder) =>
      numbered(300, 4).map((file) => `${folder}/${file}/x`),
    );
    const tree = treeOf(keys);
    expect(tree.count).toBe(120_000);
    const blocks = tree.blocks();
    expect(blocks.length).toBeLessThan(2000);
    expect(named(blocks)).toMatchObject({ "0": 30_000, "1": 30_000, "2": 30_000, "3": 30_000 });
  });

  it("walks keys that are nothing but steps in little time", () => {
    const key = "a/".repeat(500);
    const tree = treeOf(numbered(2000, 5).map((number) => key + number));
    expect(tree.blocks()[0]?.count).toBe(2000);
  });

  it("keeps every key in its parent, whatever the keys are", () => {
    const aKey = fc.string({ unit: fc.constantFrom("a", "b", "/", "é", "😀", "1"), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(aKey, { maxLength: 400 }), (keys) => {
        const blocks = treeOf(keys).blocks();
        const held = blocks.map(() => 0);
        for (const { parent, count } of blocks) {
          if (parent >= 0) held[parent] = (held[parent] ?? 0) + count;
        }
        expect(blocks[0]?.count).toBe(keys.length);
        blocks.forEach(({ count }, index) => expect(held[index]).toBeLessThanOrEqual(count));
        for (const [prefix, count] of Object.entries(named(blocks))) {
          expect(keys.filter((key) => key.startsWith(prefix)).length).toBeGreaterThanOrEqual(count);
        }
      }),
    );
  });
});

describe("a picture of a prefix", () => {
  it("names some even folders, and what many of them begin with", () => {
    const folders = (count: number) => numbered(count, 3).map((number) => `f${number}/x`);
    expect(named(treeOf(folders(9)).blocks())).toHaveProperty("f004/x", 1);
    expect(named(treeOf(folders(60)).blocks())).toMatchObject({ f0: 60, f00: 10, f05: 10 });
  });

  it("names the heaviest folders where they make up most", () => {
    const large = numbered(50, 2).map((number) => `large/${number}`);
    const small = numbered(30, 2).map((number) => `${number}/x`);
    expect(named(treeOf([...small, ...large]).blocks())).toHaveProperty("large/", 50);
  });

  it("goes on counting where it was drawn in between", () => {
    const keys = numbered(60, 3);
    const tree = createPrefixTree();
    for (const key of keys) {
      tree.add(key, 1);
      tree.blocks();
    }
    expect(tree.blocks()).toEqual(treeOf(keys).blocks());
  });
});
