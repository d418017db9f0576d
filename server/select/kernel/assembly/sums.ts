import {
  ABSENT, ADDED, BY_SCALE, CARRIED, COUNT_ALL, FIELDS, FIELD_BYTES, FLOAT, FRACTIONS, INTEGER, LEAST, LIMBS, LIMB_COUNT,
  NULL, NUMBER, SUMS, SUM_BYTES, SUM_COUNT, TEXT, TOTALS, TOTAL_BYTES, UNCARRIED,
} from "./layout";
import { canCompare, improve } from "./extremes";
import { asFloat, digits, readNumber, scale } from "./numbers";

const FIELD: usize = 0;
const TYPE: usize = 4;

/** A limb takes so many mantissas before it must be carried. */
const MOST_UNCARRIED: u32 = 1000;

/**
 * Whether every sum can take the record at hand; only then is any of them to take it.
 */
// @ts-ignore: decorator
@inline
export function canAdd(at: usize): bool {
  const end = at + SUMS + <usize>load<u32>(at + SUM_COUNT) * SUM_BYTES;
  let total = at + TOTALS - TOTAL_BYTES;
  for (let sum = at + SUMS; sum < end; sum += SUM_BYTES) {
    total += TOTAL_BYTES;
    const type = load<u32>(sum + TYPE);
    if (type == COUNT_ALL) continue;
    const field = at + FIELDS + <usize>load<u32>(sum + FIELD) * FIELD_BYTES;
    const kind = load<u32>(field, 8);
    if (kind == ABSENT || kind == NULL) continue;
    if (type >= LEAST) {
      if (!canCompare(field, kind, type, total)) return false;
      continue;
    }
    if (kind != TEXT && kind != NUMBER) return false;
    if (!readNumber(load<u32>(field), load<u32>(field, 4))) return false;
    if (type == INTEGER && scale != 0) return false;
  }
  return true;
}

/** Adds the record at hand. */
// @ts-ignore: decorator
@inline
export function add(at: usize): void {
  const count = <usize>load<u32>(at + SUM_COUNT);
  for (let index: usize = 0; index < count; index += 1) {
    const sum = at + SUMS + index * SUM_BYTES;
    const field = at + FIELDS + <usize>load<u32>(sum + FIELD) * FIELD_BYTES;
    const kind = load<u32>(field, 8);
    if (kind == ABSENT || kind == NULL) continue;
    const total = at + TOTALS + index * TOTAL_BYTES;
    const type = load<u32>(sum + TYPE);
    if (type >= LEAST) {
      improve(at, total, field, kind, type);
      continue;
    }
    store<u32>(total + ADDED, load<u32>(total + ADDED) + 1);
    if (type == COUNT_ALL) continue;
    // A single sum has just read its number.
    if (count > 1) readNumber(load<u32>(field), load<u32>(field, 4));
    if (type == FLOAT) addFloat(total, asFloat(at));
    else addExact(total);
  }
}

// @ts-ignore: decorator
@inline
function addExact(total: usize): void {
  if (scale != 0) store<u32>(total + FRACTIONS, load<u32>(total + FRACTIONS) + 1);
  const place = total + BY_SCALE + <usize>scale * 8;
  const value = load<i64>(place) + digits;
  store<i64>(place, value);
  // 15 digits are fewer than 2^50: a sum within 2^62 takes them without a fault.
  if (value >= 1 << 62 || value <= -(1 << 62)) {
    const carried = total + CARRIED + <usize>scale * 8;
    store<i64>(carried, load<i64>(carried) + (value >> 32));
    store<i64>(place, value & 0xffffffff);
  }
}

// @ts-ignore: decorator
@inline
function addFloat(total: usize, value: f64): void {
  const bits = reinterpret<u64>(value);
  const exponent = <usize>((bits >> 52) & 0x7ff);
  // None of the numbers that come here is so small that its mantissa has no leading one, but zero.
  if (exponent == 0) return;
  const mantissa = <i64>((bits & 0xfffffffffffff) | 0x10000000000000);
  const shift = <i64>(exponent & 31);
  const limb = total + LIMBS + (exponent >> 5) * 8;
  const low = (mantissa << shift) & 0xffffffff;
  const high = shift == 0 ? mantissa >> 32 : mantissa >> (32 - shift);
  if (<i64>bits < 0) {
    store<i64>(limb, load<i64>(limb) - low);
    store<i64>(limb, load<i64>(limb, 8) - high, 8);
  } else {
    store<i64>(limb, load<i64>(limb) + low);
    store<i64>(limb, load<i64>(limb, 8) + high, 8);
  }
  const uncarried = load<u32>(total + UNCARRIED) + 1;
  store<u32>(total + UNCARRIED, uncarried);
  if (uncarried == MOST_UNCARRIED) carry(total);
}

function carry(total: usize): void {
  store<u32>(total + UNCARRIED, 0);
  const end = total + LIMBS + (LIMB_COUNT - 1) * 8;
  for (let limb = total + LIMBS; limb < end; limb += 8) {
    const value = load<i64>(limb);
    store<i64>(limb, value & 0xffffffff);
    store<i64>(limb, load<i64>(limb, 8) + (value >> 32), 8);
  }
}
