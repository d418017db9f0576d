import { createPrefixTree, type PrefixTree } from "./prefix-tree.ts";

/** A key of a bucket, and when its object was written, in milliseconds since 1970. */
export interface SeenKey {
  readonly key: string;
  readonly modifiedMs: number;
}

/** Moments in bars of equal width, from the oldest on; empty ones are left out. */
export interface TimeHistogram {
  readonly widthMs: number;
  readonly bars: readonly { readonly startMs: number; readonly count: number }[];
}

/** What is known of a bucket's keys so far, in bounded memory. */
export interface KeyDistribution {
  readonly tree: PrefixTree;
  /** @param sizeBytes of the object */
  add(key: SeenKey, sizeBytes: number): void;
  histogram(): TimeHistogram;
  /** Each key that was seen is among them with the same chance; at most `MAX_SAMPLED_KEYS`. */
  sample(): readonly SeenKey[];
}

/** Keys that strategies are tried with. */
export const MAX_SAMPLED_KEYS = 1000;

const HOUR_MS = 3_600_000;
const MAX_BARS = 96;

/**
 * Adds up how keys spread over prefixes and over time.
 * @param random uniform in 0 (inclusive) to 1 (exclusive)
 */
export function createKeyDistribution(random: () => number): KeyDistribution {
  const tree = createPrefixTree();
  const sample: SeenKey[] = [];
  const times = createTimes();
  return {
    tree,
    add(seen, sizeBytes) {
      tree.add(seen.key, sizeBytes);
      times.add(seen.modifiedMs);
      // Vitter's algorithm R: https://doi.org/10.1145/3147.3165
      const place =
        sample.length < MAX_SAMPLED_KEYS ? sample.length : Math.floor(random() * tree.count);
      if (place < MAX_SAMPLED_KEYS) sample[place] = seen;
    },
    histogram: () => times.histogram(),
    sample: () => sample,
  };
}

/** Bars of an hour, wide enough twice over whenever there are too many. */
function createTimes() {
  let widthMs = HOUR_MS;
  let counts = new Map<number, number>();
  const tally = (bar: number, count: number) => counts.set(bar, (counts.get(bar) ?? 0) + count);
  const isTooWide = () => {
    const bars = [...counts.keys()];
    return Math.max(...bars) - Math.min(...bars) >= MAX_BARS;
  };
  return {
    add(ms: number): void {
      const bar = Math.floor(ms / widthMs);
      const isNew = !counts.has(bar);
      tally(bar, 1);
      if (!isNew) return;
      while (isTooWide()) {
        const finer = counts;
        counts = new Map();
        widthMs *= 2;
        for (const [old, count] of finer) tally(Math.floor(old / 2), count);
      }
    },
    histogram(): TimeHistogram {
      const bars = [...counts]
        .toSorted(([one], [other]) => one - other)
        .map(([bar, count]) => ({ startMs: bar * widthMs, count }));
      return { widthMs, bars };
    },
  };
}
