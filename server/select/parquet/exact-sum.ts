/** Bits of a float's fraction. */
const FRACTION_BITS = 52;

/** The greatest exponent, as floats write it: that of infinities. */
const MOST_EXPONENT = 0x7ff;

/**
 * Numbers that amount to exactly the same as others, and are fewer: two as a rule, and one more for each time that
 * they had no room for a digit.
 * @see https://en.wikipedia.org/wiki/2Sum
 */
export function exactSum(values: Float64Array | Float32Array): readonly number[] {
  const quick = values instanceof Float64Array ? sumAlike(values) : null;
  return quick ?? sumAny(values);
}

/**
 * The same where what the sum loses has room in a second number whatever it is, because the values are of like size;
 * null where that is not sure.
 */
function sumAlike(values: Float64Array): readonly number[] | null {
  let high = 0;
  let low = 0;
  let least = Infinity;
  let most = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    const size = Math.abs(value);
    if (size > most) most = size;
    if (size < least && size !== 0) least = size;
    const sum = high + value;
    const part = sum - high;
    low += high - (sum - part) + (value - part);
    high = sum;
  }
  return Number.isFinite(high) && areAlike(least, most, values.length) ? [high, low] : null;
}

/** @param least of all sizes but 0 */
function areAlike(least: number, most: number, count: number): boolean {
  const mostExponent = exponentOf(most);
  // What is lost is a multiple of the least digit of any value, and each time at most half the last digit of the sum.
  const countBits = Math.ceil(Math.log2(count + 1));
  if (countBits * 2 + mostExponent + 1 - exponentOf(least) > FRACTION_BITS) return false;
  return countBits + mostExponent < MOST_EXPONENT;
}

/** The exponent of a float that is not negative, as it is written. */
function exponentOf(size: number): number {
  const [, upper = 0] = new Uint32Array(Float64Array.of(size).buffer);
  return upper >>> 20;
}

function sumAny(values: Float64Array | Float32Array): readonly number[] {
  const parts: number[] = [];
  let high = 0;
  let low = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    const sum = high + value;
    const part = sum - high;
    const lost = high - (sum - part) + (value - part);
    high = sum;
    const lowSum = low + lost;
    const lowPart = lowSum - low;
    const lowLost = low - (lowSum - lowPart) + (lost - lowPart);
    low = lowSum;
    if (lowLost !== 0) parts.push(lowLost);
  }
  // Infinities and NaN, and sums beyond all floats, are for those who add up numbers one by one.
  return Number.isFinite(high) ? [high, low, ...parts] : Array.from(values);
}
