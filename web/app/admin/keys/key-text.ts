import type { KeyStrategy } from "../../../../shared/api.ts";
import {
  READS_PER_SECOND_PER_PREFIX,
  WRITES_PER_SECOND_PER_PREFIX,
} from "../../../../shared/limits.ts";
import { formatBytes, formatCount } from "../../format/byte-size.ts";
import type { Block } from "./icicle.ts";
import type { KeySurvey } from "./survey-run.svelte.ts";

/** What a strategy would make of the keys. */
export type Strategy = KeySurvey["strategies"][number];

/** With fewer keys a share is chance. */
export const TELLING_KEYS = 50;

const about = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });

/** Requests a second until the fullest range is at its limit. */
export interface Capacity {
  readonly writes: number;
  readonly reads: number;
}

/** What S3 carries where it has split at the ranges: reads meet all keys, writes the newest. */
export function capacityOf({ hottestShare, hottestShareOfNewest }: Strategy): Capacity {
  const at = (share: number, limit: number) => (share > 0 ? limit / share : limit);
  return {
    writes: at(hottestShareOfNewest, WRITES_PER_SECOND_PER_PREFIX),
    reads: at(hottestShare, READS_PER_SECOND_PER_PREFIX),
  };
}

/** A capacity for people: two digits are all that an estimate has. */
export function formatRate(perSecond: number): string {
  return `${about.format(perSecond)}/s`;
}

/** A share for people: `34 %`, `0.4 %`. */
export function formatShare(share: number): string {
  return `${about.format(share * 100)} %`;
}

/** Names and one line for each strategy. */
export const STRATEGY_TEXTS: Readonly<Record<KeyStrategy, { name: string; about: string }>> = {
  plain: { name: "As they are", about: "plain: the name alone" },
  hash: { name: "Hash in front", about: "four digits of the name’s hash" },
  "reversed-date": { name: "Reversed date in front", about: "day, month, year backwards" },
  random: { name: "Random in front", about: "four digits by chance" },
};

/** A block in words, for who does not see the picture. */
export function blockText({ index, prefix, label, count, bytes }: Block, total: number): string {
  const name = index === -1 ? `${label} in ${prefix || "the bucket"}` : prefix || "All keys";
  const share = total === 0 ? "" : `, ${formatShare(count / total)} of all`;
  return `${name}: ${countText(count)}${share}, ${formatBytes(bytes)}`;
}

/** `1 key`, `5,000 keys`. */
export function countText(count: number): string {
  return count === 1 ? "1 key" : `${formatCount(count)} keys`;
}

/** The picture in one or two sentences. */
export function pictureText(blocks: readonly Block[]): string {
  const [root] = blocks;
  if (root === undefined) return "";
  const top = blocks.filter(({ level, index }) => level === 1 && index !== -1);
  const named = top
    .slice(0, 3)
    .map((block) => `${block.label}: ${formatShare(block.count / Math.max(1, root.count))}`);
  const begin = root.prefix === "" ? "" : ` behind ${root.prefix}`;
  const parts = named.length === 0 ? "" : ` The largest: ${named.join(", ")}.`;
  return `${countText(root.count)}${begin}, ${formatBytes(root.bytes)}.${parts}`;
}

/** How the keys as they are could be split, and what that carries. */
export function capacityText(plain: Strategy): string {
  const { writes, reads } = capacityOf(plain);
  if (plain.ranges.length < 2) {
    return "These keys offer S3 nothing to split at: they share one limit.";
  }
  return (
    `S3 could split these keys into ${plain.ranges.length} ranges that are about even. The fullest holds ` +
    `${formatShare(plain.hottestShare)} of the keys, and ${formatShare(plain.hottestShareOfNewest)} of the newest: ` +
    `about ${formatRate(reads)} reads and ${formatRate(writes)} writes.`
  );
}
