import type { AccumulatorState } from "../evaluate/accumulators.ts";
import { ExactDecimal } from "../values/value.ts";
import * as at from "./assembly/layout.ts";
import { addedSums, placeOf } from "./kernel.ts";
import { isExtreme, type KernelAddition, type KernelSum } from "./kernel-plan.ts";

/** The first limb's lowest bit: floats have mantissas of 53 bits, and exponents from 1 where 1 stands for 2^-1022. */
const LOWEST_EXPONENT = -1022 - 52 - 1;

/** Takes out what the kernel has added up, and leaves nothing behind; extremes are taken out before. */
export function takeTotals(view: DataView, sums: readonly KernelSum[]): AccumulatorState[] {
  const added = addedSums(sums);
  const tally = view.getUint32(at.TALLY, true);
  const states = sums.map((sum): AccumulatorState => {
    if (isExtreme(sum)) return { kind: "extreme", best: null };
    if (sum.field === null) return { kind: "count", count: tally };
    const place = at.TOTALS + placeOf(added, sum.field, sum.type) * at.TOTAL_BYTES;
    return stateOf(new DataView(view.buffer, view.byteOffset + place, at.TOTAL_BYTES), sum);
  });
  clear(view, added.length);
  return states;
}

function clear(view: DataView, sumCount: number): void {
  view.setUint32(at.TALLY, 0, true);
  const totals = view.byteOffset + at.TOTALS;
  new Uint8Array(view.buffer, totals, sumCount * at.TOTAL_BYTES).fill(0);
}

function stateOf(total: DataView, { type, isDecimal }: KernelAddition): AccumulatorState {
  const count = total.getUint32(at.ADDED, true);
  if (type === "count") return { kind: "count", count };
  const none = { kind: "sum", integers: 0n, decimals: "0", floats: [] } as const;
  const counts = { integerCount: 0, decimalCount: 0, floatCount: 0 };
  if (type === "float") return { ...none, ...counts, floats: floatsOf(total), floatCount: count };
  const whole = isDecimal ? 0n : exactSum(total, 0);
  const decimalCount = isDecimal ? count : total.getUint32(at.FRACTIONS, true);
  const decimals = decimalsOf(total, isDecimal ? 0 : 1);
  const integerCount = count - decimalCount;
  return { ...none, ...counts, integers: whole, decimals, integerCount, decimalCount };
}

function exactSum(total: DataView, scale: number): bigint {
  const carried = total.getBigInt64(at.CARRIED + scale * 8, true);
  return (carried << 32n) + total.getBigInt64(at.BY_SCALE + scale * 8, true);
}

function decimalsOf(total: DataView, firstScale: number): string {
  let sum = new ExactDecimal(0);
  for (let scale = firstScale; scale < at.SCALE_COUNT; scale += 1) {
    const digits = exactSum(total, scale);
    if (digits !== 0n) sum = sum.plus(new ExactDecimal(`${digits}e-${scale}`));
  }
  return sum.toString();
}

/** Floats that amount to what the limbs hold. */
function floatsOf(total: DataView): readonly number[] {
  let sum = 0n;
  for (let limb = at.LIMB_COUNT - 1; limb >= 0; limb -= 1) {
    sum = (sum << 32n) + total.getBigInt64(at.LIMBS + limb * 8, true);
  }
  const floats: number[] = [];
  while (sum !== 0n) {
    const { float, exact } = leading(sum);
    floats.push(float);
    sum -= exact;
  }
  return floats;
}

/** The highest 53 bits of a number in units of the lowest limb's bit, as a float. */
function leading(sum: bigint): { readonly float: number; readonly exact: bigint } {
  const magnitude = sum < 0n ? -sum : sum;
  const dropped = Math.max(0, magnitude.toString(2).length - 53);
  const kept = magnitude >> BigInt(dropped);
  const sign = sum < 0n ? -1 : 1;
  // Two steps: neither of the powers alone has to be beyond what a float reaches.
  const exponent = dropped + LOWEST_EXPONENT;
  const half = Math.trunc(exponent / 2);
  const float = sign * Number(kept) * 2 ** half * 2 ** (exponent - half);
  return { float, exact: BigInt(sign) * (kept << BigInt(dropped)) };
}
