import type { AccumulatorState } from "../evaluate/accumulators.ts";
import { cast } from "../values/cast.ts";
import { toPlain } from "../values/plain-value.ts";
import type { Value } from "../values/value.ts";
import * as at from "./assembly/layout.ts";
import { addedSums, placeOf } from "./kernel.ts";
import { isExtreme, type KernelExtreme, type KernelSum } from "./kernel-plan.ts";

/** The value of a field of the block at hand, from `start` to before `end`. */
export type ReadField = (start: number, end: number, isText: boolean) => Value;

/**
 * Finds the extremes among the sums of a query: what takes those out of a plan's results that were not there when it
 * was last asked, as what the query's aggregates hold; nothing where there are none. It throws SelectError for a value that
 * is none after all.
 * @param read is asked for fields while their block is at hand
 */
export function extremesOf(
  sums: readonly KernelSum[],
  read: ReadField,
): (view: DataView) => readonly AccumulatorState[] {
  const added = addedSums(sums);
  const places = sums.map((sum) =>
    isExtreme(sum) ? at.TOTALS + placeOf(added, sum.field, sum.type) * at.TOTAL_BYTES : null,
  );
  const known = [...new Set(places)].filter((place) => place !== null);
  return (view) => {
    if (!known.some((place) => view.getUint32(place + at.IS_NEW, true) !== 0)) return [];
    const states = sums.map((sum, index) => {
      const place = places[index] ?? null;
      return place === null || !isExtreme(sum) ? NOTHING : bestOf(view, place, sum, read);
    });
    for (const place of known) view.setUint32(place + at.IS_NEW, 0, true);
    return states;
  };
}

/** Changes no accumulator. */
const NOTHING: AccumulatorState = { kind: "extreme", best: null };

function bestOf(
  view: DataView,
  place: number,
  { cast: to }: KernelExtreme,
  read: ReadField,
): AccumulatorState {
  const what = view.getUint32(place + at.BEST, true);
  if (what === at.BEST_NONE) return NOTHING;
  const start = view.getUint32(place + at.BEST_START, true);
  const end = view.getUint32(place + at.BEST_END, true);
  const value = read(start, end, what === at.BEST_TEXT);
  const best = to === null ? value : cast(value, to.type, to.position);
  return { kind: "extreme", best: toPlain(best) };
}
