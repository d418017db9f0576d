import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";

/** A request of ours to the storage, the SDK's own repetitions included. */
export interface StorageCall {
  /** In S3's name, such as `ListParts`. */
  readonly operation: string;
  readonly outcome: "ok" | "failed";
  /** Tries, at least one. */
  readonly attempts: number;
  readonly seconds: number;
}

/** A request that was answered. */
export interface AnsweredRequest {
  readonly method: string;
  /** The route's pattern: paths hold upload IDs, and would make a series each. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** A query that ended. */
export interface EndedQuery {
  readonly engine: "native" | "embedded";
  /** `stopped`: whoever asked went away. */
  readonly outcome: "answered" | "failed" | "stopped";
  readonly fromCache: boolean;
  readonly bytesScanned: number;
  readonly bytesReturned: number;
}

/** What this process counts, since it started. Nothing here ever throws. */
export interface Metrics {
  answered(request: AnsweredRequest): void;
  /** An upload was opened; `sizeBytes` is `null` where it is not known. */
  opened(method: "put" | "post" | "multipart", sizeBytes: number | null): void;
  /** A problem kept an upload from being opened. */
  refused(code: string): void;
  ended(how: "completed" | "aborted", sizeBytes?: number): void;
  /** An object was signed for, to be fetched. */
  download(sizeBytes: number): void;
  queried(query: EndedQuery): void;
  called(call: StorageCall): void;
  /** Everything, in the text format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
  readonly registry: Registry;
}

/** Latencies from a cache's to that of completing ten thousand parts, in seconds. */
const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * Counts for one process; Prometheus adds the replicas up.
 * @see https://prometheus.io/docs/practices/naming/
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const requests = requestSeries(registry);
  const uploads = uploadSeries(registry);
  const queries = querySeries(registry);
  const calls = storageSeries(registry);
  return {
    ...requests,
    ...uploads,
    ...queries,
    ...calls,
    text: () => registry.metrics(),
    contentType: registry.contentType,
    registry,
  };
}

/** Also counts what the process itself takes: memory, processor time, the delay of its event loop. Once a process. */
export function countProcess({ registry }: Pick<Metrics, "registry">): void {
  collectDefaultMetrics({ register: registry });
}

function requestSeries(register: Registry): Pick<Metrics, "answered"> {
  const registers = [register];
  const total = new Counter({
    name: "sluice_http_requests_total",
    help: "Requests that were answered.",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const seconds = new Histogram({
    name: "sluice_http_request_duration_seconds",
    help: "Until the headers of an answer.",
    labelNames: ["method", "route"],
    buckets: BUCKETS_SECONDS,
    registers,
  });
  return {
    answered({ method, route, status, seconds: taken }) {
      total.inc({ method, route, status: String(status) });
      seconds.observe({ method, route }, taken);
    },
  };
}

function uploadSeries(
  register: Registry,
): Pick<Metrics, "opened" | "refused" | "ended" | "download"> {
  const registers = [register];
  const opened = new Counter({
    name: "sluice_uploads_opened_total",
    help: "Uploads that were opened, by how they go up.",
    labelNames: ["method"],
    registers,
  });
  const refused = new Counter({
    name: "sluice_uploads_refused_total",
    help: "Files that were not opened, by the code of the problem.",
    labelNames: ["code"],
    registers,
  });
  const ended = new Counter({
    name: "sluice_uploads_ended_total",
    help: "Uploads that were completed or aborted through the API.",
    labelNames: ["how"],
    registers,
  });
  const stored = new Counter({
    name: "sluice_stored_bytes_total",
    help: "Bytes of completed uploads.",
    registers,
  });
  const signed = new Counter({
    name: "sluice_signed_bytes_total",
    help: "Bytes of the files and objects that URLs were signed for; unknown sizes count as none.",
    labelNames: ["direction"],
    registers,
  });
  return {
    opened(method, sizeBytes) {
      opened.inc({ method });
      signed.inc({ direction: "up" }, sizeBytes ?? 0);
    },
    refused: (code) => refused.inc({ code }),
    ended(how, sizeBytes = 0) {
      ended.inc({ how });
      if (how === "completed") stored.inc(sizeBytes);
    },
    download: (sizeBytes) => signed.inc({ direction: "down" }, sizeBytes),
  };
}

function querySeries(register: Registry): Pick<Metrics, "queried"> {
  const registers = [register];
  const queries = new Counter({
    name: "sluice_select_queries_total",
    help: "Queries that ended.",
    labelNames: ["engine", "outcome"],
    registers,
  });
  const cache = new Counter({
    name: "sluice_select_cache_total",
    help: "Queries by whether their answer was kept from before.",
    labelNames: ["result"],
    registers,
  });
  const scanned = new Counter({
    name: "sluice_select_scanned_bytes_total",
    help: "Bytes of objects that queries read.",
    registers,
  });
  const returned = new Counter({
    name: "sluice_select_returned_bytes_total",
    help: "Bytes that queries answered.",
    registers,
  });
  return {
    queried({ engine, outcome, fromCache, bytesScanned, bytesReturned }) {
      queries.inc({ engine, outcome });
      cache.inc({ result: fromCache ? "hit" : "miss" });
      if (!fromCache) scanned.inc(bytesScanned);
      returned.inc(bytesReturned);
    },
  };
}

function storageSeries(register: Registry): Pick<Metrics, "called"> {
  const registers = [register];
  const calls = new Counter({
    name: "sluice_storage_requests_total",
    help: "Requests of this server to the storage.",
    labelNames: ["operation", "outcome"],
    registers,
  });
  const retries = new Counter({
    name: "sluice_storage_retries_total",
    help: "Repetitions of those.",
    labelNames: ["operation"],
    registers,
  });
  const seconds = new Histogram({
    name: "sluice_storage_request_duration_seconds",
    help: "Of those, repetitions included.",
    labelNames: ["operation"],
    buckets: BUCKETS_SECONDS,
    registers,
  });
  return {
    called({ operation, outcome, attempts, seconds: taken }) {
      calls.inc({ operation, outcome });
      if (attempts > 1) retries.inc({ operation }, attempts - 1);
      seconds.observe({ operation }, taken);
    },
  };
}
