import { expect, test } from "vitest";
import { countPacked } from "../../../../server/select/parquet/count-packed.ts";

/** Numbers of so many bits as one part of packed bits, and before them a run of one. */
function encodedOf(
  run: { value: number; count: number },
  numbers: readonly number[],
  width: number,
) {
  const eights = Math.ceil(numbers.length / 8);
  const packed = new Uint8Array(eights * width);
  for (const [index, number] of numbers.entries()) {
    for (let bit = 0; bit < width; bit += 1) {
      const place = index * width + bit;
      if ((number >> bit) & 1) packed[place >> 3] = (packed[place >> 3] ?? 0) | (1 << (place & 7));
    }
  }
  const runBytes = width === 0 ? [] : [run.value];
  const bytes = Uint8Array.from([
    ...varint(run.count * 2),
    ...runBytes,
    ...varint(eights * 2 + 1),
    ...packed,
  ]);
  return { bytes, start: 0, end: bytes.length };
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

const numbersOf = (count: number, width: number) =>
  Array.from({ length: count }, (_, index) => ((index * 2_654_435_761) >>> 7) & ((1 << width) - 1));

test("what a table says of numbers is added up, however many there are and whatever they take", () => {
  for (const width of [0, 1, 2, 3, 4]) {
    const table = Uint8Array.from({ length: 1 << width }, (_, index) => Number(index % 3 === 0));
    for (const count of [0, 5, 8, 131, 2500, 40_003]) {
      const numbers = numbersOf(count, width);
      const sum = numbers.reduce((all, number) => all + (table[number] ?? 0), 0);
      const encoded = encodedOf({ value: 0, count: 11 }, numbers, width);
      expect(countPacked(encoded, width, 11 + count, table)).toBe(11 + sum);
    }
  }
});

test("numbers beyond the table are said to be wrong, wherever they are", () => {
  const table = Uint8Array.of(1, 0, 1, 1, 0);
  for (const count of [16, 40_000]) {
    for (const place of [0, 3, count - 1]) {
      const numbers = numbersOf(count, 2).with(place, 6);
      const encoded = encodedOf({ value: 0, count: 3 }, numbers, 3);
      expect(() => countPacked(encoded, 3, 3 + count, table)).toThrow("5 values, and no more");
    }
  }
  const outside = encodedOf({ value: 5, count: 3 }, [], 3);
  expect(() => countPacked(outside, 3, 3, table)).toThrow("5 values, and no more");
});

test("numbers of more bits are for others", () => {
  const encoded = encodedOf({ value: 0, count: 3 }, [1, 2], 5);
  expect(countPacked(encoded, 5, 5, new Uint8Array(32))).toBe(null);
});
