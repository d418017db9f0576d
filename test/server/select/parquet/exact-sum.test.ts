import fc from "fast-check";
import { expect, test } from "vitest";
import { FloatSum } from "../../../../server/select/evaluate/float-sum.ts";
import { exactSum } from "../../../../server/select/parquet/exact-sum.ts";

/** What numbers amount to, rounded once. */
function sumOf(values: Iterable<number>): number {
  const sum = new FloatSum();
  for (const value of values) sum.add(value);
  return sum.result();
}

function expectExact(values: readonly number[]): void {
  expect(sumOf(exactSum(Float64Array.from(values)))).toBe(sumOf(values));
}

test("fewer numbers amount to exactly the same", () => {
  const cents = fc.integer({ min: -100_000, max: 100_000 }).map((number) => number / 100);
  const any = fc.oneof(cents, fc.double({ noNaN: true }), fc.constantFrom(0, 5e-324, 2 ** -1030));
  fc.assert(fc.property(fc.array(cents, { maxLength: 300 }), expectExact));
  fc.assert(fc.property(fc.array(any, { maxLength: 40 }), expectExact));
});

test("of alike numbers they are two", () => {
  const prices = Float64Array.from({ length: 100_000 }, (_, index) => (index % 100_001) / 100);
  expect(exactSum(prices)).toHaveLength(2);
  expect(exactSum(Float32Array.of(0.5, 0.25))).toEqual([0.75, 0]);
});

test("what has no sum stays as it is", () => {
  expect(sumOf(exactSum(Float64Array.of(1, Infinity)))).toBe(Infinity);
  expect(sumOf(exactSum(Float64Array.of(Infinity, -Infinity)))).toBeNaN();
  expect(sumOf(exactSum(Float64Array.of(1, NaN, 2)))).toBeNaN();
  const top = Number.MAX_VALUE;
  expect(sumOf(exactSum(Float64Array.of(top, top, -top)))).toBe(sumOf([top, top, -top]));
  expect(exactSum(new Float64Array(0))).toEqual([0, 0]);
});
