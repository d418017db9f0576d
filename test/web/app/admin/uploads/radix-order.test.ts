import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { orderRows } from "../../../../../web/app/admin/uploads/radix-order.ts";

const numbers = fc.array(
  fc.oneof(fc.constant(Number.NaN), fc.nat(9), fc.maxSafeNat(), fc.double({ min: 0, noNaN: true })),
  { maxLength: 60 },
);

describe("orderRows", () => {
  test("orders as comparing does: what is alike stays, what is not known comes last", () => {
    fc.assert(
      fc.property(numbers, fc.boolean(), (values, isDescending) => {
        // Not every row, and not from 0.
        const rows = Uint32Array.from(values.keys()).filter((row) => row % 3 !== 1);
        const valueOf = (row: number) => values[row] ?? Number.NaN;
        const known = [...rows].filter((row) => !Number.isNaN(valueOf(row)));
        const sign = isDescending ? -1 : 1;
        const expected = [
          ...known.toSorted(
            (a, b) => sign * (valueOf(a) < valueOf(b) ? -1 : Number(valueOf(a) > valueOf(b))),
          ),
          ...[...rows].filter((row) => Number.isNaN(valueOf(row))),
        ];
        expect([...orderRows(rows, valueOf, isDescending)]).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
