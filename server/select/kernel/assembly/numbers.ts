import { POWERS } from "./layout";

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
// @ts-ignore: decorator
@inline
export function readNumber(start: usize, end: usize): bool {
  return (end - start <= 8 && readShortNumber(start, end)) || readLongNumber(start, end);
}

const ZEROS: u64 = 0x3030303030303030;
const POINTS: u64 = 0x2e2e2e2e2e2e2e2e;
const LOW_BITS: u64 = 0x0101010101010101;
const HIGH_BITS: u64 = 0x8080808080808080;

/**
 * Reads up to eight bytes as one word, without a branch on what they are: digits, and at most one point with digits on
 * both of its sides.
 */
// @ts-ignore: decorator
@inline
function readShortNumber(start: usize, end: usize): bool {
  const length = <u64>(end - start);
  if (length == 0) return false;
  // The last byte of the number is the highest of the word; zeros stand in front of the first.
  const before = (<u64>8 - length) << 3;
  const kept = <u64>-1 << (before & 63);
  let word = (load<u64>(end - 8) & kept) | (ZEROS & ~kept);
  const difference = word ^ POINTS;
  const points = (difference - LOW_BITS) & ~difference & HIGH_BITS;
  // Of the bits found the lowest is right: it is one of a point, or there is none.
  const pointBit = <u64>ctz(points) & 56;
  const hasPoint = points != 0;
  const below = (<u64>1 << pointBit) - 1;
  const without = (word & ~((below << 8) | 0xff)) | ((word & below) << 8) | 0x30;
  word = hasPoint ? without : word;
  const odd = ((word ^ ZEROS) + 0x7676767676767676) | (word ^ ZEROS);
  // A point stands neither first nor last.
  const isMisplaced = hasPoint && (pointBit == 56 || pointBit == before);
  if ((odd & HIGH_BITS) != 0 || isMisplaced) return false;
  scale = hasPoint ? <i32>(7 - (pointBit >> 3)) : 0;
  word -= ZEROS;
  word = word * 10 + (word >> 8);
  const high = (word & 0x000000ff000000ff) * 0x000f424000000064;
  const low = ((word >> 16) & 0x000000ff000000ff) * 0x0000271000000001;
  digits = <i64>((high + low) >> 32);
  return true;
}

/** The same for up to fifteen digits, and for a sign. */
function readLongNumber(start: usize, end: usize): bool {
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
export function asFloat(at: usize): f64 {
  return <f64>digits / load<f64>(at + POWERS + (<usize>scale << 3));
}
