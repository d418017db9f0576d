/**
 * What Prometheus has to know to read `/metrics` of this server; the grant is in a file of its own.
 * @param origin of the server, as `https://sluice.example`
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
 */
export function scrapeConfig(origin: string): string {
  const { protocol, host } = new URL(origin);
  return [
    "scrape_configs:",
    "  - job_name: sluice",
    `    scheme: ${protocol.slice(0, -1)}`,
    "    metrics_path: /metrics",
    "    authorization:",
    "      type: Bearer",
    "      credentials_file: /etc/prometheus/sluice-grant",
    "    static_configs:",
    `      - targets: ["${host}"]`,
    "",
  ].join("\n");
}
