import { formatBytes } from "../../format/byte-size.ts";
import type { Reading } from "./metric-rates.ts";

/** A line of a chart. */
export interface MetricLine {
  readonly name: string;
  /** `null` where there is nothing to say of that moment. */
  readonly valueOf: (reading: Reading) => number | null;
}

/** A small chart: what it shows, and how its values are written. */
export interface MetricChart {
  readonly title: string;
  /** Said once beside the title. */
  readonly about: string;
  readonly lines: readonly MetricLine[];
  /** With its unit. */
  readonly format: (value: number) => string;
  /** What the top of the chart is at the least, so that nothing looks like a peak that is none. */
  readonly leastTop: number;
}

const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

const perSecond = (value: number) => `${number.format(value)}/s`;
const bytesPerSecond = (value: number) => `${formatBytes(Math.round(value))}/s`;
const percent = (value: number) => `${Math.round(value * 100)} %`;

/** A latency for people: `250 µs`, `12 ms`, `1.5 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds >= 1) return `${number.format(seconds)} s`;
  return seconds >= 0.001 || seconds === 0
    ? `${number.format(seconds * 1000)} ms`
    : `${number.format(seconds * 1e6)} µs`;
}

/** All charts of the page, in their order. */
export const METRIC_CHARTS: readonly MetricChart[] = [
  {
    title: "Requests",
    about: "answered by this server, without those of this page’s charts",
    lines: [{ name: "Requests", valueOf: (reading) => reading.perSecond.requests }],
    format: perSecond,
    leastTop: 1,
  },
  {
    title: "Bytes signed for",
    about: "of files and objects that URLs were signed for",
    lines: [{ name: "Bytes", valueOf: (reading) => reading.perSecond.signedBytes }],
    format: bytesPerSecond,
    leastTop: 1000,
  },
  {
    title: "Uploads",
    about: "opened, completed and refused here; the end of a small file only the storage sees",
    lines: [
      { name: "Opened", valueOf: (reading) => reading.perSecond.opened },
      { name: "Completed", valueOf: (reading) => reading.perSecond.completed },
      { name: "Refused", valueOf: (reading) => reading.perSecond.refused },
    ],
    format: perSecond,
    leastTop: 1,
  },
  {
    title: "Storage retries",
    about: "requests to the storage that were sent again",
    lines: [{ name: "Retries", valueOf: (reading) => reading.perSecond.retries }],
    format: perSecond,
    leastTop: 1,
  },
  {
    title: "Select scans",
    about: "bytes of objects that queries read",
    lines: [{ name: "Scanned", valueOf: (reading) => reading.perSecond.scannedBytes }],
    format: bytesPerSecond,
    leastTop: 1000,
  },
  {
    title: "Cache hits",
    about: "share of queries whose answer was kept from before",
    lines: [{ name: "Hits", valueOf: (reading) => reading.cacheHitShare }],
    format: percent,
    leastTop: 1,
  },
  {
    title: "Latency of answers",
    about: "until the headers of an answer",
    lines: [
      { name: "Median", valueOf: (reading) => reading.answers.p50 },
      { name: "95th percentile", valueOf: (reading) => reading.answers.p95 },
    ],
    format: formatSeconds,
    leastTop: 0.01,
  },
  {
    title: "Latency of the storage",
    about: "of this server’s requests to it, retries included",
    lines: [
      { name: "Median", valueOf: (reading) => reading.calls.p50 },
      { name: "95th percentile", valueOf: (reading) => reading.calls.p95 },
    ],
    format: formatSeconds,
    leastTop: 0.01,
  },
];
