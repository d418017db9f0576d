/** An axis: where values are, and which of them are written beside it. */
export interface Axis {
  /** Pixels of a value. */
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

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
  if (least === most) [least, most] = [least - 1, most + 1];
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
