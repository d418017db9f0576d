import { formatCount } from "../../format/byte-size.ts";
import type { ResultColumn } from "../run/column-table.ts";
import { axisNumber } from "./axis.ts";
import type { ChartKind, ChartPoints } from "./chart-points.ts";

/** What a chart is of. */
export interface ChartSubject {
  readonly kind: ChartKind;
  readonly xName: string;
  readonly yName: string;
  readonly rowCount: number;
}

const KIND_WORDS: Readonly<Record<ChartKind, string>> = {
  bar: "Bar chart",
  line: "Line chart",
  scatter: "Point chart",
};

/** What a chart shows, for who does not see it. */
export function chartSummary(
  { points, sampledCount }: ChartPoints,
  { kind, xName, yName, rowCount }: ChartSubject,
): string {
  const heights = points.map(({ y }) => y);
  const least = axisNumber(Math.min(...heights));
  const most = axisNumber(Math.max(...heights));
  const mean = axisNumber(heights.reduce((sum, y) => sum + y, 0) / heights.length);
  const rows = `${formatCount(sampledCount)} of ${formatCount(rowCount)} rows`;
  return `${KIND_WORDS[kind]} of ${yName} by ${xName}, ${rows}: from ${least} to ${most}, ${mean} on average.`;
}

/** The columns that a chart begins with: numbers upwards, something else across where there is anything. */
export function firstColumns(columns: readonly ResultColumn[]): {
  readonly x: number;
  readonly y: number;
} {
  const named = columns.findIndex(({ isNumeric }) => !isNumeric);
  const numbers = columns.flatMap(({ isNumeric }, index) => (isNumeric ? [index] : []));
  // The first number is often the record's own.
  const y = (named < 0 || numbers[0] === 0 ? numbers[1] : undefined) ?? numbers[0] ?? 0;
  return { x: named < 0 ? 0 : named, y };
}
