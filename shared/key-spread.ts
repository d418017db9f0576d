import { KeyStrategy } from "./api.ts";
import type { SeenKey } from "./key-distribution.ts";
import { objectKey, type KeySource } from "./object-key.ts";
import { ProblemError } from "./problem.ts";

/** What a strategy makes of keys, as S3 would see them. Shares are 0 to 1. */
export interface KeySpread {
  readonly strategy: KeyStrategy;
  /** Ranges of keys as S3 could split them, in order: what they begin with, and their share of the keys. */
  readonly ranges: readonly { readonly prefix: string; readonly share: number }[];
  /** Different beginnings of four characters behind what all keys begin with. */
  readonly distinctPrefixes: number;
  /** Of all keys, in the range that has most of them: what reads meet. */
  readonly hottestShare: number;
  /** Of the newest keys, in the range that has most of them: what writes meet. */
  readonly hottestShareOfNewest: number;
}

/** What keys are made with, beside their names and days. */
export type SpreadSource = Pick<KeySource, "prefix" | "md5Hex" | "random">;

/** Characters that are told apart behind what all keys begin with. */
const LEADING_LENGTH = 4;

/** A range is split where it has so many times the mean of all. */
const SPLIT_ABOVE = 1.5;
const MAX_RANGES = 64;

/** Fewer keys are uneven by chance: only the first split is of any number. */
const LEAST_SPLIT_KEYS = 32;

/** Newest keys are a tenth of all, or so many where there are as many. */
const NEWEST_SHARE = 0.1;
const LEAST_NEWEST_KEYS = 50;

/**
 * What each strategy would make of the same keys. Ranges come of splitting the fullest at its next character until
 * they are even, as S3 does under load that lasts.
 * @param keys a sample; each begins with `source.prefix`, behind which strategies put what is theirs
 */
export function keySpreads(keys: readonly SeenKey[], source: SpreadSource): readonly KeySpread[] {
  const newestMs = keys.reduce((newest, { modifiedMs }) => Math.max(newest, modifiedMs), 0);
  const sinceMs = newestSince(keys);
  return KeyStrategy.options.map((strategy) => {
    const make = (seen: SeenKey, ms: number) =>
      keyOf(seen, { ...source, strategy, now: new Date(ms) });
    const all = keys.flatMap((seen) => make(seen, seen.modifiedMs));
    // What is written at one moment has one date.
    const newest = keys.flatMap((seen) =>
      seen.modifiedMs >= sinceMs
        ? make(seen, strategy === "reversed-date" ? newestMs : seen.modifiedMs)
        : [],
    );
    return { strategy, ...spreadOf(all, newest) };
  });
}

/** All of the same instant count as new, so that a bucket that was filled at once has no newest keys by chance. */
function newestSince(keys: readonly SeenKey[]): number {
  const times = keys.map(({ modifiedMs }) => modifiedMs).toSorted((one, other) => other - one);
  const count = Math.max(Math.ceil(times.length * NEWEST_SHARE), LEAST_NEWEST_KEYS);
  return times[Math.min(times.length, count) - 1] ?? 0;
}

/** Nothing for a key of which no strategy of ours could make one. */
function keyOf({ key }: SeenKey, source: KeySource): readonly string[] {
  try {
    return [objectKey(key.slice(source.prefix.length), source)];
  } catch (error) {
    if (error instanceof ProblemError) return [];
    throw error;
  }
}

function spreadOf(all: readonly string[], newest: readonly string[]) {
  const prefixes = rangesOf(all);
  const shares = sharesIn(prefixes, all);
  const common = commonPrefix(all).length;
  return {
    ranges: prefixes.map((prefix, index) => ({ prefix, share: shares[index] ?? 0 })),
    distinctPrefixes: new Set(all.map((key) => key.slice(common, common + LEADING_LENGTH))).size,
    hottestShare: Math.max(0, ...shares),
    hottestShareOfNewest: Math.max(0, ...sharesIn(prefixes, newest)),
  };
}

/** Where ranges begin, in order; each ends where the next one begins. */
function rangesOf(keys: readonly string[]): readonly string[] {
  let ranges = keys.length === 0 ? [] : [{ prefix: commonPrefix(keys), keys }];
  for (;;) {
    const [fullest] = ranges.toSorted((one, other) => other.keys.length - one.keys.length);
    if (fullest === undefined) return [];
    const isEven = fullest.keys.length <= (SPLIT_ABOVE * keys.length) / ranges.length;
    const isSplit = ranges.length > 1;
    const isOver = isSplit && (isEven || fullest.keys.length < LEAST_SPLIT_KEYS);
    const parts = isOver ? [] : splitRange(fullest.keys);
    if (parts.length < 2 || ranges.length + parts.length - 1 > MAX_RANGES) break;
    ranges = ranges.flatMap((range) => (range === fullest ? parts : [range]));
  }
  return ranges.map(({ prefix }) => prefix).toSorted(byCodeUnit);
}

function splitRange(keys: readonly string[]) {
  const length = commonPrefix(keys).length;
  const parts = new Map<string, string[]>();
  for (const key of keys) {
    const [next = ""] = Array.from(key.slice(length, length + 2));
    const prefix = key.slice(0, length) + next;
    const part = parts.get(prefix);
    if (part === undefined) parts.set(prefix, [key]);
    else part.push(key);
  }
  return [...parts].map(([prefix, own]) => ({ prefix, keys: own }));
}

function sharesIn(starts: readonly string[], keys: readonly string[]): readonly number[] {
  const counts = starts.map(() => 0);
  for (const key of keys) {
    const behind = starts.findIndex((start) => byCodeUnit(start, key) > 0);
    // What comes before the first range belongs to it: S3 leaves no gap.
    const index = Math.max(0, (behind === -1 ? starts.length : behind) - 1);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts.map((count) => (keys.length === 0 ? 0 : count / keys.length));
}

function commonPrefix(keys: readonly string[]): string {
  const [first = "", ...others] = keys;
  let length = first.length;
  for (const key of others) {
    while (!key.startsWith(first.slice(0, length))) length -= 1;
  }
  // Half of a surrogate pair is no character.
  return first.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
}

function byCodeUnit(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
