import type { MetricsResponse } from "../../../../shared/admin-api.ts";

/** Counts by the upper bounds of their buckets, in seconds; each counts those below it as well. */
export type Buckets = ReadonlyMap<number, number>;

/** Counters that the page draws. */
export const COUNT_NAMES = [
  "requests",
  "signedBytes",
  "opened",
  "completed",
  "refused",
  "aborted",
  "retries",
  "scannedBytes",
  "cacheHits",
  "cacheMisses",
] as const;
export type CountName = (typeof COUNT_NAMES)[number];

/** What a process had counted at a moment. Times are milliseconds since 1970, by the server's clock. */
export interface Counts {
  readonly atMs: number;
  readonly startedAtMs: number;
  readonly totals: Readonly<Record<CountName, number>>;
  /** How long answers of the API took to begin. */
  readonly answers: Buckets;
  /** How long the storage took to answer this server. */
  readonly calls: Buckets;
}

type Sample = MetricsResponse["samples"][number];

/** Asking for the counts is no traffic that anybody wants to see. */
const OWN_ROUTE = "/api/admin/metrics";

const ANSWERS = "sluice_http_request_duration_seconds_bucket";
const CALLS = "sluice_storage_request_duration_seconds_bucket";

/** Of a sample: which counter it belongs to, by its name and its labels. */
const COUNTERS: Readonly<Record<string, (labels: Sample["labels"]) => CountName | null>> = {
  sluice_http_requests_total: ({ route }) => (route === OWN_ROUTE ? null : "requests"),
  sluice_signed_bytes_total: () => "signedBytes",
  sluice_uploads_opened_total: () => "opened",
  sluice_uploads_refused_total: () => "refused",
  sluice_uploads_ended_total: ({ how }) => (how === "completed" ? "completed" : "aborted"),
  sluice_storage_retries_total: () => "retries",
  sluice_select_scanned_bytes_total: () => "scannedBytes",
  sluice_select_cache_total: ({ result }) => (result === "hit" ? "cacheHits" : "cacheMisses"),
};

/** Adds up what the page draws; series that it does not know are left out. */
export function countsOf({ at, startedAt, samples }: MetricsResponse): Counts {
  const totals = zeroTotals();
  const answers = new Map<number, number>();
  const calls = new Map<number, number>();
  for (const { name, labels, value } of samples) {
    const counter = COUNTERS[name]?.(labels);
    if (counter) totals[counter] += value;
    if (name === CALLS) tally(calls, labels, value);
    if (name === ANSWERS && labels["route"] !== OWN_ROUTE) tally(answers, labels, value);
  }
  return { atMs: Date.parse(at), startedAtMs: Date.parse(startedAt), totals, answers, calls };
}

/** Every counter at nothing. */
export function zeroTotals(): Record<CountName, number> {
  return {
    requests: 0,
    signedBytes: 0,
    opened: 0,
    completed: 0,
    refused: 0,
    aborted: 0,
    retries: 0,
    scannedBytes: 0,
    cacheHits: 0,
    cacheMisses: 0,
  };
}

function tally(buckets: Map<number, number>, { le = "" }: Sample["labels"], value: number): void {
  const bound = le === "+Inf" ? Infinity : Number(le);
  if (!Number.isNaN(bound)) buckets.set(bound, (buckets.get(bound) ?? 0) + value);
}
