import { readsAsNumber, type Cell } from "../run/cell.ts";
import type { ResultStore } from "../run/result-store.ts";
import type { RowReader } from "../run/row-reader.ts";

/** How two columns are drawn. */
export type ChartKind = "bar" | "line" | "scatter";

/** A point, and what its place on the horizontal axis is called. */
export interface ChartPoint {
  /** A number, milliseconds since 1970, or its position among the points. */
  readonly x: number;
  readonly y: number;
  readonly label: string;
}

/** Points to draw, and what they are of. */
export interface ChartPoints {
  readonly points: readonly ChartPoint[];
  /** What the horizontal axis counts. */
  readonly across: "number" | "time" | "name";
  /** Rows that were looked at, out of all. */
  readonly sampledCount: number;
  /** Rows among those that have no number to draw. */
  readonly leftOutCount: number;
}

/** Most points that are drawn: more are no clearer, and slower. */
const MOST_POINTS: Readonly<Record<ChartKind, number>> = { bar: 40, line: 1000, scatter: 2000 };

/** Reads two columns of rows that are spread evenly over all. */
export function chartPoints(
  rows: ResultStore,
  read: RowReader,
  kind: ChartKind,
  { x, y }: { readonly x: number; readonly y: number },
): ChartPoints {
  const sampled = sampleOf(rows.rowCount, MOST_POINTS[kind]);
  const pairs: { readonly label: string; readonly y: number }[] = [];
  for (const index of sampled) {
    const record = rows.record(index);
    const row = record && read(record.bytes, record.start, record.end);
    const height = numberIn(row?.[y] ?? null);
    if (height !== null) pairs.push({ label: row?.[x]?.text ?? "", y: height });
  }
  const across = kind === "bar" ? "name" : acrossOf(pairs.map(({ label }) => label));
  const points = pairs.map((pair, index) => ({ ...pair, x: placeOf(pair.label, across, index) }));
  return {
    points: kind === "line" ? points.toSorted((a, b) => a.x - b.x) : points,
    across,
    sampledCount: sampled.length,
    leftOutCount: sampled.length - pairs.length,
  };
}

/** Numbers below `count`, spread evenly, the first and the last among them. */
export function sampleOf(count: number, most: number): readonly number[] {
  if (count <= most) return Array.from({ length: count }, (_, index) => index);
  return Array.from({ length: most }, (_, index) => Math.round((index * (count - 1)) / (most - 1)));
}

function numberIn(cell: Cell | null): number | null {
  if (cell === null || (cell.kind !== "number" && cell.kind !== "text")) return null;
  return readsAsNumber(cell.text) ? Number(cell.text) : null;
}

function acrossOf(labels: readonly string[]): ChartPoints["across"] {
  if (labels.every(readsAsNumber)) return "number";
  const isTime = (label: string) => /^\d{4}-\d\d/.test(label) && !Number.isNaN(Date.parse(label));
  return labels.every(isTime) ? "time" : "name";
}

function placeOf(label: string, across: ChartPoints["across"], index: number): number {
  if (across === "name") return index;
  return across === "time" ? Date.parse(label) : Number(label);
}
