/** A decimal of at most 15 digits, which a float of 64 bits tells from all others. */
const MAX_DIGITS: usize = 15;

/** Of the number that was read last: all its digits as an integer, its sign included … */
export let digits: i64 = 0;
/** … and how many of them are behind the point. */
export let scale: i32 = 0;

/**
 * Reads a plain number: an optional sign, digits, and digits behind a point.
 * @returns whether it is one; whatever is written in another way is left to the evaluator
 */
export function readNumber(start: usize, end: usize): bool {
  let at = start;
  const isNegative = at < end && load<u8>(at) == 45;
  if (isNegative) at += 1;
  if (end - at > MAX_DIGITS + 1) return false;
  let value: i64 = 0;
  const first = at;
  while (at < end) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit > 9) break;
    value = value * 10 + digit;
    at += 1;
  }
  if (at == first) return false;
  let count = at - first;
  scale = 0;
  if (at < end) {
    if (load<u8>(at) != 46) return false;
    at += 1;
    const point = at;
    while (at < end) {
      const digit = <u32>load<u8>(at) - 48;
      if (digit > 9) return false;
      value = value * 10 + digit;
      at += 1;
    }
    if (at == point) return false;
    scale = <i32>(at - point);
    count += at - point;
  }
  // There is a zero with a sign among the floats, and among the integers there is none.
  if (count > MAX_DIGITS || (isNegative && value == 0)) return false;
  digits = isNegative ? -value : value;
  return true;
}

/** The number as the float that is next to it: both of what is divided are exact, so it is rounded once. */
// @ts-ignore: decorator
@inline
export function asFloat(): f64 {
  return scale == 0 ? <f64>digits : <f64>digits / powerOfTen(scale);
}

// @ts-ignore: decorator
@inline
function powerOfTen(exponent: i32): f64 {
  if (exponent == 1) return 1e1;
  if (exponent == 2) return 1e2;
  if (exponent == 3) return 1e3;
  if (exponent == 4) return 1e4;
  if (exponent == 5) return 1e5;
  if (exponent == 6) return 1e6;
  let power: f64 = 1e7;
  for (let at = 7; at < exponent; at += 1) power *= 10;
  return power;
}
