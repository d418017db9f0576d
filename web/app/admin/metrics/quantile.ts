import type { Buckets } from "./metric-counts.ts";

/**
 * The value that a share of all observations stays below, as Prometheus estimates it: evenly spread within a
 * bucket, and for what is above the last bound, that bound.
 * @param share above 0, to 1
 * @returns `null` where nothing was observed
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function quantile(buckets: Buckets, share: number): number | null {
  const sorted = [...buckets].toSorted(([one], [other]) => one - other);
  const total = sorted.at(-1)?.[1] ?? 0;
  if (total <= 0) return null;
  const rank = share * total;
  let start = { bound: 0, count: 0 };
  for (const [bound, count] of sorted) {
    if (count < rank) {
      start = { bound, count };
      continue;
    }
    if (bound === Infinity) return start.bound;
    return start.bound + ((bound - start.bound) * (rank - start.count)) / (count - start.count);
  }
  return start.bound;
}
