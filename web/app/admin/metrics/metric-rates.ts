import {
  COUNT_NAMES,
  zeroTotals,
  type Buckets,
  type CountName,
  type Counts,
} from "./metric-counts.ts";
import { quantile } from "./quantile.ts";

/** What went on between two looks. */
export interface Reading {
  /** Of the later look, in milliseconds since 1970. */
  readonly atMs: number;
  /** Each counter's increase a second. */
  readonly perSecond: Readonly<Record<CountName, number>>;
  /** 0 to 1; `null` where no query was asked. */
  readonly cacheHitShare: number | null;
  /** Latencies in seconds; `null` where nothing was answered. */
  readonly answers: Latency;
  readonly calls: Latency;
  /** The process behind the later look is another one than that behind the earlier. */
  readonly isRestart: boolean;
}

/** The median, and what 95 of 100 stay below; in seconds. */
export interface Latency {
  readonly p50: number | null;
  readonly p95: number | null;
}

/**
 * Rates of two looks at the same server. Where it was started anew in between, its counts began at nothing then,
 * so that what it has counted is what went on since.
 * @returns `null` where no time has gone by
 */
export function readingOf(before: Counts, after: Counts): Reading | null {
  const isRestart = wasRestarted(before, after);
  const sinceMs = isRestart ? Math.max(before.atMs, after.startedAtMs) : before.atMs;
  const seconds = (after.atMs - sinceMs) / 1000;
  if (!(seconds > 0)) return null;
  const start = isRestart ? NOTHING : before;
  const grown = zeroTotals();
  for (const name of COUNT_NAMES) grown[name] = after.totals[name] - start.totals[name];
  const perSecond = zeroTotals();
  for (const name of COUNT_NAMES) perSecond[name] = grown[name] / seconds;
  const asked = grown.cacheHits + grown.cacheMisses;
  return {
    atMs: after.atMs,
    perSecond,
    cacheHitShare: asked === 0 ? null : grown.cacheHits / asked,
    answers: latencyOf(start.answers, after.answers),
    calls: latencyOf(start.calls, after.calls),
    isRestart,
  };
}

const NOTHING: Pick<Counts, "totals" | "answers" | "calls"> = {
  totals: zeroTotals(),
  answers: new Map(),
  calls: new Map(),
};

/** A counter never goes back but by a restart, whatever the clocks say. */
function wasRestarted(before: Counts, after: Counts): boolean {
  return (
    before.startedAtMs !== after.startedAtMs ||
    COUNT_NAMES.some((name) => after.totals[name] < before.totals[name])
  );
}

function latencyOf(before: Buckets, after: Buckets): Latency {
  const grown = new Map(
    [...after].map(([bound, count]) => [bound, count - (before.get(bound) ?? 0)]),
  );
  return { p50: quantile(grown, 0.5), p95: quantile(grown, 0.95) };
}
