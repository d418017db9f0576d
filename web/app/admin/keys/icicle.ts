import type { KeySurvey } from "./survey-run.svelte.ts";

/** What the size of a block stands for. */
export type Measure = "count" | "bytes";

/** A prefix of the picture. */
export interface Block {
  /** In the survey's tree; -1 for what is too small to be named. */
  readonly index: number;
  /** Whole, from the beginning of the key; of a rest, that of what it is the rest of. */
  readonly prefix: string;
  readonly label: string;
  readonly count: number;
  readonly bytes: number;
  /** Steps from the prefix that the picture begins with. */
  readonly level: number;
  /** From the top and of the whole height, 0 to 1. */
  readonly top: number;
  readonly height: number;
  /** There is more inside. */
  readonly hasChildren: boolean;
}

type Tree = KeySurvey["tree"];

/** Lower than this they are lines, not blocks: they are put together. */
const LEAST_HEIGHT = 0.012;

/** Whole prefixes of a tree, by index. */
export function prefixesOf(tree: Tree): readonly string[] {
  const prefixes: string[] = [];
  for (const { parent, label } of tree) prefixes.push((prefixes[parent] ?? "") + label);
  return prefixes;
}

/**
 * The blocks of a picture in columns: what the picture begins with at the left, what it consists of beside it, the
 * largest on top, and what is too small for a name below. Parents come before their children.
 * @param focus index of what it begins with
 * @param levels columns beside the first
 */
export function layOut(
  tree: Tree,
  focus: number,
  measure: Measure,
  levels: number,
): readonly Block[] {
  const prefixes = prefixesOf(tree);
  const children = childrenOf(tree);
  const blocks: Block[] = [];
  const place = (index: number, level: number, top: number, height: number): void => {
    const node = tree[index];
    if (node === undefined) return;
    const own = (children[index] ?? [])
      .map((child) => ({ child, weight: tree[child]?.[measure] ?? 0 }))
      .toSorted((one, other) => other.weight - one.weight);
    const scale = node[measure] === 0 ? 0 : height / node[measure];
    const drawn = own.filter(({ weight }) => weight * scale >= LEAST_HEIGHT);
    const { label, count, bytes } = node;
    const prefix = prefixes[index] ?? "";
    const hasChildren = drawn.length > 0;
    blocks.push({ index, prefix, label, count, bytes, level, top, height, hasChildren });
    if (level === levels || !hasChildren) return;
    let at = top;
    for (const { child, weight } of drawn) {
      place(child, level + 1, at, weight * scale);
      at += weight * scale;
    }
    const rest = restOf(
      node,
      drawn.map(({ child }) => tree[child]),
    );
    const restHeight = top + height - at;
    if (rest.count > 0 && restHeight > 0.002) {
      const more = { index: -1, prefix, label: "everything else", hasChildren: false };
      blocks.push({ ...more, ...rest, level: level + 1, top: at, height: restHeight });
    }
  };
  place(focus, 0, 0, 1);
  return blocks;
}

function childrenOf(tree: Tree): readonly (readonly number[])[] {
  const children: number[][] = tree.map(() => []);
  tree.forEach(({ parent }, index) => children[parent]?.push(index));
  return children;
}

function restOf(
  node: Tree[number],
  drawn: readonly (Tree[number] | undefined)[],
): Pick<Block, "count" | "bytes"> {
  return {
    count: drawn.reduce((rest, child) => rest - (child?.count ?? 0), node.count),
    bytes: drawn.reduce((rest, child) => rest - (child?.bytes ?? 0), node.bytes),
  };
}

/** Where an arrow leads from a block, or `null` where there is nothing: up and down among siblings and beyond, right into it, left out of it. */
export function neighbour(blocks: readonly Block[], from: number, arrow: string): number | null {
  const block = blocks[from];
  if (block === undefined) return null;
  const column = (level: number) =>
    blocks.flatMap((other, index) => (other.level === level ? [index] : []));
  const holds = (outer: Block | undefined, { top, height }: Block) =>
    outer !== undefined &&
    top + height / 2 >= outer.top &&
    top + height / 2 <= outer.top + outer.height;
  const own = column(block.level);
  switch (arrow) {
    case "ArrowUp":
      return own[own.indexOf(from) - 1] ?? null;
    case "ArrowDown":
      return own[own.indexOf(from) + 1] ?? null;
    case "ArrowLeft":
      return column(block.level - 1).find((index) => holds(blocks[index], block)) ?? null;
    case "ArrowRight":
      return (
        column(block.level + 1).find((index) => {
          const inner = blocks[index];
          return inner !== undefined && holds(block, inner);
        }) ?? null
      );
    case "Home":
      return 0;
    default:
      return null;
  }
}
