/** A prefix and what begins with it. */
interface PrefixNode {
  count: number;
  bytes: number;
  /** Keys of the whole tree when one of its own came last. */
  seenAt: number;
  /** Children are path segments, or single characters where there are too many of those. */
  split: "segments" | "characters";
  children: Map<string, PrefixNode>;
}

/** A prefix as it is shown: what goes on behind its parent's, and how much begins with it. */
export interface PrefixBlock {
  /** Index of what it stands in; -1 for all of the keys. */
  readonly parent: number;
  readonly label: string;
  readonly count: number;
  readonly bytes: number;
}

/** How keys spread over prefixes, in bounded memory however many there are. */
export interface PrefixTree {
  readonly count: number;
  readonly bytes: number;
  /** @param sizeBytes of the object */
  add(key: string, sizeBytes: number): void;
  /** The heaviest prefixes, parents first, siblings from the heaviest on; what is missing of a parent is the rest. */
  blocks(): readonly PrefixBlock[];
}

/** More siblings than that are told apart by their first characters. */
const MAX_SIBLINGS = 256;

/** Steps into a key: one a segment or a character. */
const MAX_DEPTH = 64;

/** Some 5 MB; of these a quarter is kept where they become more. */
const MAX_NODES = 20_000;
const KEPT_NODES = MAX_NODES / 4;

/** Shown of one prefix. */
const SHOWN_CHILDREN = 24;
const SHOWN_DEPTH = 8;

/** Of a prefix, what its names have to make up so that they are shown by themselves. */
const TELLING_SHARE = 0.6;

/** Nothing below this share of the whole is shown, by count and by bytes. */
const SHOWN_SHARE = 1 / 250;

/**
 * A tree that splits keys at `/`, and where more than 256 names stand beside each other, by their leading
 * characters. Where it has too many prefixes the lightest are forgotten and only count for what is above them,
 * so that counts are exact for keys in order and lower bounds for others.
 */
export function createPrefixTree(): PrefixTree {
  const root = newNode();
  let nodeCount = 1;
  return {
    get count() {
      return root.count;
    },
    get bytes() {
      return root.bytes;
    },
    add(key, sizeBytes) {
      if (nodeCount > MAX_NODES) {
        prune(root);
        nodeCount = nodesOf(root).length;
      }
      nodeCount += addKey(root, key, sizeBytes);
    },
    blocks() {
      const blocks: PrefixBlock[] = [];
      show(root, "", -1, blocks, { root, depth: 0 });
      nodeCount = nodesOf(root).length;
      return blocks;
    },
  };
}

function newNode(): PrefixNode {
  return { count: 0, bytes: 0, seenAt: 0, split: "segments", children: new Map() };
}

/** Returns how many nodes were added. */
function addKey(root: PrefixNode, key: string, sizeBytes: number): number {
  const seenAt = root.count + 1;
  const tally = (node: PrefixNode) => {
    node.count += 1;
    node.bytes += sizeBytes;
    node.seenAt = seenAt;
  };
  let node = root;
  let rest = key;
  let added = 0;
  tally(root);
  for (let depth = 0; rest !== "" && depth < MAX_DEPTH; depth += 1) {
    if (isFull(node, rest)) {
      if (node.split === "characters") break;
      added += regroup(node);
    }
    const label = stepOf(node, rest);
    let child = node.children.get(label);
    if (child === undefined) {
      child = newNode();
      node.children.set(label, child);
      added += 1;
    }
    tally(child);
    node = child;
    rest = rest.slice(label.length);
  }
  return added;
}

function isFull(node: PrefixNode, rest: string): boolean {
  return node.children.size >= MAX_SIBLINGS && !node.children.has(stepOf(node, rest));
}

function stepOf({ split }: PrefixNode, rest: string): string {
  if (split === "characters") return firstCharacter(rest);
  const slash = rest.indexOf("/");
  return slash === -1 ? rest : rest.slice(0, slash + 1);
}

function firstCharacter(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 0);
}

/** Puts children under their first characters; returns how many nodes there are more. */
function regroup(node: PrefixNode): number {
  const groups = new Map<string, PrefixNode>();
  let added = 0;
  for (const [label, child] of node.children) {
    const first = firstCharacter(label);
    const rest = label.slice(first.length);
    const group = groups.get(first) ?? newNode();
    if (!groups.has(first)) added += 1;
    groups.set(first, group);
    group.count += child.count;
    group.bytes += child.bytes;
    group.seenAt = Math.max(group.seenAt, child.seenAt);
    if (rest === "") added -= 1;
    else group.children.set(rest, child);
  }
  node.split = "characters";
  node.children = groups;
  return added;
}

/** By count or by bytes, whichever is more; never more than that of what it stands in. */
function shareOf({ count, bytes }: PrefixNode, root: PrefixNode): number {
  return Math.max(count / root.count, root.bytes === 0 ? 0 : bytes / root.bytes);
}

/** Keys come in order: what the last one began with may go on. */
function prune(root: PrefixNode): void {
  const shares = Float64Array.from(nodesOf(root), (node) => shareOf(node, root)).toSorted();
  const least = shares[Math.max(0, shares.length - KEPT_NODES)] ?? 0;
  const visit = (node: PrefixNode): void => {
    for (const [label, child] of node.children) {
      if (child.seenAt !== root.count && shareOf(child, root) <= least) node.children.delete(label);
      else visit(child);
    }
  };
  visit(root);
}

function nodesOf(root: PrefixNode): readonly PrefixNode[] {
  const nodes = [root];
  // It grows while it is walked.
  for (const node of nodes) nodes.push(...node.children.values());
  return nodes;
}

function show(
  start: PrefixNode,
  name: string,
  parent: number,
  blocks: PrefixBlock[],
  { root, depth }: { readonly root: PrefixNode; readonly depth: number },
): void {
  const { node, label } = asPicture(start, name);
  const { count, bytes } = node;
  const index = blocks.push({ parent, label, count, bytes }) - 1;
  if (depth === SHOWN_DEPTH) return;
  const heaviest = [...node.children]
    .map(([text, child]) => ({ text, child, share: shareOf(child, root) }))
    .filter(({ share }) => share >= SHOWN_SHARE)
    .toSorted((one, other) => other.share - one.share)
    .slice(0, SHOWN_CHILDREN);
  for (const { text, child } of heaviest)
    show(child, text, index, blocks, { root, depth: depth + 1 });
}

/** Many names that are about even say less than what they begin with. */
function asPicture(start: PrefixNode, name: string): { node: PrefixNode; label: string } {
  const { node, label } = withoutDetours(start, name);
  if (node.split === "characters" || node.children.size <= SHOWN_CHILDREN) return { node, label };
  const counts = [...node.children.values()].map(({ count }) => count);
  const heaviest = counts.toSorted((one, other) => other - one).slice(0, SHOWN_CHILDREN);
  const shown = heaviest.reduce((sum, count) => sum + count, 0);
  if (shown >= TELLING_SHARE * node.count) return { node, label };
  regroup(node);
  return asPicture(node, label);
}

/** What all keys of a prefix go on with is part of it. */
function withoutDetours(node: PrefixNode, label: string): { node: PrefixNode; label: string } {
  const [only] = node.children;
  if (only === undefined || node.children.size > 1 || only[1].count !== node.count) {
    return { node, label };
  }
  return withoutDetours(only[1], label + only[0]);
}
