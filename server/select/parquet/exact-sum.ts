/**
 * Numbers that amount to exactly the same as others, and are fewer: two as a rule, and one more for each time that
 * they had no room for a digit.
 * @see https://en.wikipedia.org/wiki/2Sum
 */
export function exactSum(values: Float64Array | Float32Array): readonly number[] {
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
