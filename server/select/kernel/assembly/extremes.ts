import {
  BEST, BEST_NONE, BEST_NUMBER, BEST_START, BEST_TEXT, BEST_VALUE, IS_NEW, LEAST_INTEGER, LEAST_NUMBER, NUMBER,
  STRING, TEXT,
} from "./layout";
import { asFloat, readNumber, scale } from "./numbers";

const SPACE: u32 = 32;
const ZERO: u32 = 48;
const MINUS: u32 = 45;

/**
 * Whether it is known what a field is, and that it has an order with the best so far; so that its number, where it is
 * one, was read last.
 */
// @ts-ignore: decorator
@inline
export function canCompare(field: usize, kind: u32, type: u32, total: usize): bool {
  const found = whatIs(field, kind);
  if (found == BEST_NONE) return false;
  if (type >= LEAST_NUMBER) return found == BEST_NUMBER && (type < LEAST_INTEGER || scale == 0);
  // Where anything reads, numbers come before text; elsewhere the two have no order.
  const best = load<u32>(total + BEST);
  return kind == TEXT || best == BEST_NONE || best == found;
}

/** Takes a field that is better than the best so far. */
// @ts-ignore: decorator
@inline
export function improve(at: usize, total: usize, field: usize, kind: u32, type: u32): void {
  const found = whatIs(field, kind);
  const best = load<u32>(total + BEST);
  const value = found == BEST_NUMBER ? asFloat(at) : 0;
  const order =
    best == BEST_NONE ? 0
    : best != found ? <i32>found - <i32>best
    : found == BEST_TEXT ? orderOfTexts(field, total + BEST_START)
    : value < load<f64>(total + BEST_VALUE) ? -1
    : <i32>(value > load<f64>(total + BEST_VALUE));
  if (best != BEST_NONE && ((type & 1) != 0 ? order <= 0 : order >= 0)) return;
  store<u32>(total + BEST, found);
  store<u32>(total + IS_NEW, 1);
  store<u64>(total + BEST_START, load<u64>(field));
  store<f64>(total + BEST_VALUE, value);
}

/** A number or a text; neither where the evaluator has to say. */
// @ts-ignore: decorator
@inline
function whatIs(field: usize, kind: u32): u32 {
  const start = <usize>load<u32>(field);
  const end = <usize>load<u32>(field, 4);
  if (kind == STRING) return isPlain(start, end) ? BEST_TEXT : BEST_NONE;
  if (kind != TEXT && kind != NUMBER) return BEST_NONE;
  if (readNumber(start, end)) return kind == NUMBER && hasLeadingZero(start, end) ? BEST_NONE : BEST_NUMBER;
  return kind == TEXT && isNoNumber(start, end) && isPlain(start, end) ? BEST_TEXT : BEST_NONE;
}

/** JSON has no such numbers. */
function hasLeadingZero(start: usize, end: usize): bool {
  const first = load<u8>(start) == MINUS ? start + 1 : start;
  return end - first > 1 && load<u8>(first) == ZERO && load<u8>(first + 1) != 46;
}

/** Whether a text has neither control characters nor anything beyond ASCII, which may be what no text has. */
function isPlain(start: usize, end: usize): bool {
  for (let at = start; at < end; at += 16) {
    // As numbers with a sign, bytes beyond ASCII are less than all others.
    const odd = <u32>i8x16.bitmask(i8x16.lt_s(v128.load(at), i8x16.splat(<i8>SPACE)));
    const rest = end - at;
    if ((rest < 16 ? odd & ((1 << <u32>rest) - 1) : odd) != 0) return false;
  }
  return true;
}

/** Whether a text cannot be a number, however one may be written. */
function isNoNumber(start: usize, end: usize): bool {
  let hasDigit = false;
  for (let at = start; at < end; at += 1) {
    const byte = <u32>load<u8>(at);
    if (byte - ZERO < 10) hasDigit = true;
    // What numbers are made of: signs, points, and the letter before an exponent.
    else if (byte > SPACE && byte != 43 && byte != MINUS && byte != 46 && (byte | 32) != 101) return true;
    // A sign stands in front, or behind that letter.
    else if (byte == MINUS && hasDigit && <u32>load<u8>(at - 1) - ZERO < 10) return true;
  }
  return !hasDigit;
}

/** Byte by byte, which is the order of code points. */
function orderOfTexts(one: usize, other: usize): i32 {
  const a = <usize>load<u32>(one);
  const b = <usize>load<u32>(other);
  const lengthA = <usize>load<u32>(one, 4) - a;
  const lengthB = <usize>load<u32>(other, 4) - b;
  const shared = min(lengthA, lengthB);
  for (let at: usize = 0; at < shared; at += 16) {
    const same = <u32>i8x16.bitmask(i8x16.eq(v128.load(a + at), v128.load(b + at)));
    if (same == 0xffff) continue;
    const place = at + <usize>ctz(~same);
    if (place >= shared) break;
    return <i32>load<u8>(a + place) - <i32>load<u8>(b + place);
  }
  return lengthA < lengthB ? -1 : <i32>(lengthA > lengthB);
}
