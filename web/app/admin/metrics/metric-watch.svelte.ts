import { MetricsResponse } from "../../../../shared/admin-api.ts";
import { backoffDelayMs, type BackoffPolicy, DEFAULT_BACKOFF } from "../../../../shared/retry.ts";
import { BackendError, browserFetch, request } from "../../backend.ts";
import { countsOf, type Counts } from "./metric-counts.ts";
import { SHOWN_MS } from "./metric-drawing.ts";
import { readingOf, type Reading } from "./metric-rates.ts";

/** Between two looks, in milliseconds. */
const EVERY_MS = 2000;

const POLICY: BackoffPolicy = { ...DEFAULT_BACKOFF, baseDelayMs: 4000, minDelayMs: EVERY_MS };

/** What watching works with; a test has its own. */
export interface WatchPorts {
  /** Throws BackendError, or the signal's reason. */
  readonly load: (signal: AbortSignal) => Promise<MetricsResponse>;
  readonly random: () => number;
  /** Runs once, after a time in milliseconds; returns what takes it back. */
  readonly later: (run: () => void, delayMs: number) => () => void;
}

/** A server that is watched. */
export interface MetricWatch {
  /** Of the last five minutes, from the oldest on. */
  readonly readings: readonly Reading[];
  /** When the process that answered last was started; `null` before it answered. */
  readonly startedAtMs: number | null;
  /** Why the last look came to nothing; it is asked again by itself. */
  readonly problem: BackendError | null;
  /** Looks at once, and again and again until it is stopped. */
  start(): void;
  stop(): void;
}

/** The server itself, and the browser's timers. */
export const liveWatch: WatchPorts = {
  load: (signal) => request(browserFetch, MetricsResponse, "/api/admin/metrics", { signal }),
  random: Math.random,
  later(run, delayMs) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Watches the counts of the server; nothing is sent before `start`. */
export function createMetricWatch({ load, random, later }: WatchPorts): MetricWatch {
  let readings = $state.raw<readonly Reading[]>([]);
  let last = $state.raw<Counts | null>(null);
  let problem = $state.raw<BackendError | null>(null);
  let failures = 0;
  let run: AbortController | null = null;
  let cancel = () => undefined as void;

  function take(counts: Counts): void {
    const reading = last === null ? null : readingOf(last, counts);
    if (reading !== null) {
      const sinceMs = reading.atMs - SHOWN_MS;
      readings = [
        ...readings.filter(({ atMs }) => atMs >= sinceMs && atMs < reading.atMs),
        reading,
      ];
    }
    last = counts;
  }

  async function look({ signal }: AbortController): Promise<void> {
    try {
      const counts = countsOf(await load(signal));
      if (signal.aborted) return;
      take(counts);
      problem = null;
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof BackendError)) throw error;
      problem = error;
      failures += 1;
    }
  }

  async function lookAgain(own: AbortController): Promise<void> {
    await look(own);
    if (own.signal.aborted) return;
    const delayMs = failures === 0 ? EVERY_MS : backoffDelayMs(failures, random, null, POLICY);
    cancel = later(() => void lookAgain(own), delayMs);
  }

  return {
    get readings() {
      return readings;
    },
    get startedAtMs() {
      return last?.startedAtMs ?? null;
    },
    get problem() {
      return problem;
    },
    start() {
      if (run !== null) return;
      run = new AbortController();
      void lookAgain(run);
    },
    stop() {
      cancel();
      run?.abort();
      run = null;
    },
  };
}
