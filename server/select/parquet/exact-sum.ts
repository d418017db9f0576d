/** Bits of a float's fraction. */
const FRACTION_BITS = 52;

/** The bits of the upper half of a float that hold its exponent. */
const EXPONENT_MASK = 0x7ff00000;
const SIGN_MASK = 0x80000000;
const FRACTION_BITS_ABOVE = 20;
const MOST_EXPONENT = EXPONENT_MASK >> FRACTION_BITS_ABOVE;

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
  const { least, most } = exponentsOf(values);
  // What is lost is a multiple of the least digit of any value, and each time at most half the last digit of the sum.
  const countBits = Math.ceil(Math.log2(values.length + 1));
  if (countBits * 2 + most + 1 - least > FRACTION_BITS) return null;
  if (countBits + most >= MOST_EXPONENT) return null;
  let high = 0;
  let low = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    const sum = high + value;
    const part = sum - high;
    low += high - (sum - part) + (value - part);
    high = sum;
  }
  return [high, low];
}

/** The least and the greatest exponent of all values but 0, as floats write them. */
function exponentsOf(values: Float64Array): { readonly least: number; readonly most: number } {
  const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  let least = EXPONENT_MASK;
  let most = 0;
  for (let index = 1; index < halves.length; index += 2) {
    const half = halves[index] ?? 0;
    const exponent = half & EXPONENT_MASK;
    if (exponent > most) most = exponent;
    if (exponent >= least) continue;
    const isZero = (half & ~SIGN_MASK) === 0 && halves[index - 1] === 0;
    if (!isZero) least = exponent;
  }
  // Infinities and NaN are alike to nothing.
  if (most === EXPONENT_MASK) return { least: 0, most: EXPONENT_MASK };
  return { least: least >> FRACTION_BITS_ABOVE, most: most >> FRACTION_BITS_ABOVE };
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
