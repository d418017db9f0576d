import type { MetricChart, MetricLine } from "./metric-charts.ts";
import type { Reading } from "./metric-rates.ts";

/** Readings are kept and drawn for so long, in milliseconds. */
export const SHOWN_MS = 5 * 60_000;

/** A place in a chart, both 0 to 1, from the left and from the top. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A chart as it is drawn and said. */
export interface Drawing {
  readonly lines: readonly {
    readonly name: string;
    /** The newest value with its unit; a dash where there is none. */
    readonly current: string;
    /** Pieces without gaps. */
    readonly pieces: readonly (readonly Place[])[];
  }[];
  /** The value at the top, with its unit. */
  readonly top: string;
  /** One sentence for who does not see it. */
  readonly text: string;
}

/** Longer without a reading is a gap: nobody looked, or nobody answered. */
const GAP_MS = 15_000;

/** Puts readings into a chart; the newest is at its right end. */
export function drawMetric(
  { title, about, lines, format, leastTop }: MetricChart,
  readings: readonly Reading[],
): Drawing {
  const valuesOf = ({ valueOf }: MetricLine) =>
    readings.map(valueOf).filter((value) => value !== null);
  const top = Math.max(leastTop, ...lines.flatMap(valuesOf));
  const newest = readings.at(-1);
  const drawn = lines.map((line) => {
    const value = newest === undefined ? null : line.valueOf(newest);
    return {
      name: line.name,
      current: value === null ? "–" : format(value),
      pieces: piecesOf(line, readings, top),
    };
  });
  const said = lines.map((line, index) => {
    const values = valuesOf(line);
    if (values.length === 0) return `${line.name}: nothing yet`;
    const most = format(Math.max(...values));
    return `${line.name}: ${sayCurrent(drawn[index]?.current)}, at most ${most}`;
  });
  const text = `${title}, ${about}, over the last minutes. ${said.join(". ")}.`;
  return { lines: drawn, top: format(top), text };
}

function sayCurrent(current = "–"): string {
  return current === "–" ? "nothing now" : `${current} now`;
}

function piecesOf({ valueOf }: MetricLine, readings: readonly Reading[], top: number) {
  const newestMs = readings.at(-1)?.atMs ?? 0;
  const pieces: Place[][] = [];
  let lastMs = -Infinity;
  for (const reading of readings) {
    const value = valueOf(reading);
    if (value === null) {
      lastMs = -Infinity;
      continue;
    }
    const place = { x: 1 - (newestMs - reading.atMs) / SHOWN_MS, y: 1 - value / top };
    const isGap = reading.isRestart || reading.atMs - lastMs > GAP_MS;
    if (isGap) pieces.push([place]);
    else pieces.at(-1)?.push(place);
    lastMs = reading.atMs;
  }
  return pieces;
}
