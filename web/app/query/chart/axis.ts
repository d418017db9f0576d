/** An axis: where values are, and which of them are written beside it. */
export interface Axis {
  /** Pixels of a value. */
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

const SMALLEST_SPAN = 1e-300;

/**
 * An axis from the least to the greatest value, rounded outwards to a step that reads well (1, 2 or 5 times a
 * power of ten).
 * @param range pixels of both ends
 * @param wantedTicks about so many, at least 2
 */
export function linearAxis(
  values: readonly number[],
  range: readonly [number, number],
  wantedTicks: number,
): Axis {
  let least = Math.min(Infinity, ...values);
  let most = Math.max(-Infinity, ...values);
  if (!(least <= most)) [least, most] = [0, 1];
  // Also where no step of tenths of what lies between them could be written as a number.
  if (most - least < SMALLEST_SPAN) [least, most] = [least - 1, most + 1];
  const step = niceStep((most - least) / Math.max(1, wantedTicks - 1));
  const first = Math.floor(least / step) * step;
  const last = Math.ceil(most / step) * step;
  const [start, end] = range;
  const count = Math.round((last - first) / step);
  return {
    at: (value) => start + ((value - first) / (last - first)) * (end - start),
    ticks: Array.from({ length: count + 1 }, (_, index) => round(first + index * step, step)),
  };
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30.44 * DAY;

/** Steps of a clock and a calendar that read well, in milliseconds; of more than a day in months. */
const TIME_STEPS = [
  ...[1, 5, 15, 30].map((count) => count * SECOND),
  ...[1, 5, 15, 30].map((count) => count * MINUTE),
  ...[1, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14].map((count) => count * DAY),
];
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60, 120, 600, 1200, 2400, 6000, 12_000];

/**
 * An axis of moments, in milliseconds since 1970; its ends are the first and the last of them.
 * @param range pixels of both ends
 * @param mostTicks at least 2
 */
export function timeAxis(
  values: readonly number[],
  range: readonly [number, number],
  mostTicks: number,
): Axis {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const spanMs = Math.max(1, most - least);
  const [start, end] = range;
  return {
    at: (value) => start + ((value - least) / spanMs) * (end - start),
    ticks: timeTicks(least, most, spanMs / mostTicks),
  };
}

function timeTicks(least: number, most: number, roughMs: number): readonly number[] {
  const ticks: number[] = [];
  const step = TIME_STEPS.find((stepMs) => stepMs >= roughMs);
  if (step !== undefined) {
    for (let at = Math.ceil(least / step) * step; at <= most; at += step) ticks.push(at);
    return ticks;
  }
  const months = MONTH_STEPS.find((count) => count * MONTH >= roughMs) ?? 12_000;
  const from = new Date(least);
  let month = Math.floor((from.getUTCFullYear() * 12 + from.getUTCMonth()) / months) * months;
  for (let at = startOfMonth(month); at <= most && ticks.length < 100; at = startOfMonth(month)) {
    if (at >= least) ticks.push(at);
    month += months;
  }
  return ticks;
}

/** By months since year 0; `Date.UTC` takes the years 0 to 99 for the last century's. */
function startOfMonth(month: number): number {
  return Date.UTC(2000, month - 2000 * 12);
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  if (share <= 1) return power;
  if (share <= 2) return 2 * power;
  return share <= 5 ? 5 * power : 10 * power;
}

/** Sums of tenths are no tenths: 0.30000000000000004 is written 0.3. */
function round(value: number, step: number): number {
  const digits = Math.max(0, Math.min(15, -Math.floor(Math.log10(step))));
  return Number(value.toFixed(digits));
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 });
const plain = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });

/** A number beside an axis: `1,200`, `1.5M`, `0.25`. */
export function axisNumber(value: number): string {
  return Math.abs(value) >= 10_000 ? compact.format(value) : plain.format(value);
}

/** A moment beside an axis, as exact as the span of the axis asks for. */
export function axisTime(value: number, spanMs: number): string {
  const iso = new Date(value).toISOString();
  const day = 86_400_000;
  if (spanMs > 60 * day) return iso.slice(0, 7);
  return spanMs > 2 * day ? iso.slice(0, 10) : iso.slice(11, 16);
}
