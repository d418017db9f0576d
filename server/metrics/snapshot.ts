import type { MetricsResponse } from "../../shared/admin-api.ts";
import type { Metrics } from "./metrics.ts";

/** Series of ours; the rest (heap, event loop) is for Prometheus. */
const NAME = /^sluice_/;

/** All counts of this process at a moment, for a page that makes rates of two of them. */
export async function metricsSnapshot(
  { registry }: Pick<Metrics, "registry">,
  startedAt: Date,
  now: Date,
): Promise<MetricsResponse> {
  const found = await registry.getMetricsAsJSON();
  const samples = found
    .filter(({ name }) => NAME.test(name))
    .flatMap(({ name, values }) =>
      values.map(({ labels, value, ...more }) => ({
        // A histogram's are named one by one: …_bucket, …_sum, …_count.
        name: "metricName" in more && typeof more.metricName === "string" ? more.metricName : name,
        labels: Object.fromEntries(
          Object.entries(labels).map(([label, text]) => [label, String(text)]),
        ),
        value,
      })),
    );
  return { startedAt: startedAt.toISOString(), at: now.toISOString(), samples };
}
