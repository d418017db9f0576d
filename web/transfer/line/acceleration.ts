/** What parts have shown of one way to the bucket. */
export interface WayMeasure {
  readonly partCount: number;
  readonly bytes: number;
  /** Connection time those bytes took, in milliseconds. */
  readonly elapsedMs: number;
}

/** Nothing measured yet. */
export const NO_MEASURE: WayMeasure = { partCount: 0, bytes: 0, elapsedMs: 0 };

/** Parts that have to arrive on each way before one is chosen. */
const PARTS_TO_JUDGE = 3;

/** Its price is worth it from this many times the direct speed on. */
const WORTH_SPEEDUP = 1.2;

/** One more part arrived. */
export function measurePart(way: WayMeasure, sizeBytes: number, elapsedMs: number): WayMeasure {
  return {
    partCount: way.partCount + 1,
    bytes: way.bytes + sizeBytes,
    elapsedMs: way.elapsedMs + elapsedMs,
  };
}

/** The better way by real parts, or `measuring` while too few have arrived on one of them. */
export function chooseWay(
  direct: WayMeasure,
  accelerated: WayMeasure,
): { readonly kind: "measuring" | "direct" | "accelerated"; readonly speedup: number | null } {
  if (Math.min(direct.partCount, accelerated.partCount) < PARTS_TO_JUDGE) {
    return { kind: "measuring", speedup: null };
  }
  const speedup = speedOf(accelerated) / speedOf(direct);
  return { kind: speedup >= WORTH_SPEEDUP ? "accelerated" : "direct", speedup };
}

function speedOf({ bytes, elapsedMs }: WayMeasure): number {
  return bytes / Math.max(1, elapsedMs);
}
