export { countProcess, createMetrics, type EndedQuery, type Metrics } from "./metrics.ts";
export { metricsSnapshot } from "./snapshot.ts";
