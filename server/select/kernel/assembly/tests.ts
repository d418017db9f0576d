import {
  ABSENT, AGAINST_NUMBER, AGAINST_WORD, ARE_TESTS_ALL, BEGINS, CONTAINS, EMPTY_DIFFERS, EMPTY_IS_NULL, ENDS, EQUAL,
  ESCAPED, FIELDS, FIELD_BYTES, GREATER, INTEGERS_ONLY, IS_MISSING, IS_NULL, LESS, NULL, NUMBER, OPEN, OTHER, STEPS,
  STEP_AND, STEP_COUNT, STEP_NOT, STRING, TESTS, TEST_BYTES, TEST_COUNT, TEST_FLAGS, TEST_OPERAND, TEST_OPERATOR,
  UNWANTED, WANTED,
} from "./layout";
import { asFloat, readNumber, scale } from "./numbers";

const FIELD: usize = 0;
const KIND: usize = 4;
const OPERAND_LENGTH: usize = 20;

// What a test says. Two bits hold it.
const FALSE: u32 = 0;
const TRUE: u32 = 1;
/** NULL or MISSING. */
const UNKNOWN: u32 = 2;
/** The evaluator has to say. */
const UNSURE: u32 = 3;

// What a comparison finds, beside an order.
const NOT_SAID: u32 = 0;
const NO_ORDER: u32 = 8;

/** What is known of the record at hand. */
// @ts-ignore: decorator
@inline
export function verdictOn(at: usize): u32 {
  if (load<u32>(at + STEP_COUNT) != 0) return verdictBySteps(at);
  const end = at + TESTS + <usize>load<u32>(at + TEST_COUNT) * TEST_BYTES;
  let verdict = WANTED;
  // NULL is neither true nor false, and lets the operands behind it be asked.
  const unknown = load<u32>(at + ARE_TESTS_ALL) != 0 ? UNWANTED : OPEN;
  // Tests are asked in their order, as AND asks its operands.
  for (let test = at + TESTS; test < end; test += TEST_BYTES) {
    const result = resultOf(at, test);
    if (result == UNSURE) return OPEN;
    if (result == FALSE) return UNWANTED;
    if (result == UNKNOWN) verdict = unknown;
  }
  return verdict;
}

/** All tests are asked: AND and OR know what they need not have asked. */
function verdictBySteps(at: usize): u32 {
  const end = at + STEPS + <usize>load<u32>(at + STEP_COUNT);
  // Results lie on each other, two bits each, the last one lowest; the plan sees to it that there are never too many.
  let results: u64 = 0;
  for (let place = at + STEPS; place < end; place += 1) {
    const step = <u32>load<u8>(place);
    if (step < STEP_AND) {
      results = (results << 2) | <u64>resultOf(at, at + TESTS + <usize>step * TEST_BYTES);
    } else if (step == STEP_NOT) {
      if ((results & 2) == 0) results ^= 1;
    } else {
      const right = <u32>results & 3;
      const left = <u32>(results >> 2) & 3;
      results = ((results >> 4) << 2) | <u64>joined(left, right, step == STEP_AND ? FALSE : TRUE);
    }
  }
  const result = <u32>results & 3;
  return result == TRUE ? WANTED : result == UNSURE ? OPEN : UNWANTED;
}

/** @param decisive the result that decides, whatever the other one is: FALSE for AND, TRUE for OR */
function joined(left: u32, right: u32, decisive: u32): u32 {
  if (left == decisive || left == UNSURE) return left;
  if (right == decisive || right == UNSURE) return right;
  return left == UNKNOWN || right == UNKNOWN ? UNKNOWN : 1 - decisive;
}

// @ts-ignore: decorator
@inline
function resultOf(at: usize, test: usize): u32 {
  const field = at + FIELDS + <usize>load<u32>(test + FIELD) * FIELD_BYTES;
  const kind = load<u32>(field, 8);
  const against = load<u32>(test + KIND);
  if (against >= IS_NULL) return <u32>(kind == ABSENT || (kind == NULL && against == IS_NULL));
  if (kind == ABSENT || kind == NULL) return UNKNOWN;
  if (kind == ESCAPED || kind == OTHER) return UNSURE;
  if (against >= BEGINS) return kind == NUMBER ? UNSURE : <u32>hasText(field, against, test);
  const found =
    against == AGAINST_NUMBER ? orderOfNumber(at, field, kind, test)
    : against == AGAINST_WORD ? equalityOfWord(field, kind, test)
    : orderOfText(field, kind, test);
  if (found == NOT_SAID) return UNSURE;
  if (found == NO_ORDER) return UNKNOWN;
  return <u32>((found & load<u32>(test + TEST_OPERATOR)) != 0);
}

/** How the field compares with the number; 0 where the evaluator has to say. */
// @ts-ignore: decorator
@inline
function orderOfNumber(at: usize, field: usize, kind: u32, test: usize): u32 {
  const start = <usize>load<u32>(field);
  const end = <usize>load<u32>(field, 4);
  const flags = load<u32>(test + TEST_FLAGS);
  if (kind == STRING) return NOT_SAID;
  if (start == end) return (flags & EMPTY_IS_NULL) != 0 ? NO_ORDER : (flags & EMPTY_DIFFERS) != 0 ? LESS : NOT_SAID;
  if (!readNumber(start, end)) return NOT_SAID;
  if ((flags & INTEGERS_ONLY) != 0 && scale != 0) return NOT_SAID;
  const value = asFloat(at);
  const operand = load<f64>(test + TEST_OPERAND);
  if (value < operand) return LESS;
  if (value > operand) return GREATER;
  // Both have at most 15 digits: where they are the same float they are the same number.
  return EQUAL;
}

/** Whether the field is the text: any other one is less, for all that is asked. */
// @ts-ignore: decorator
@inline
function equalityOfWord(field: usize, kind: u32, test: usize): u32 {
  if (kind == NUMBER) return NOT_SAID;
  const start = <usize>load<u32>(field);
  const length = load<u32>(field, 4) - <u32>start;
  const wanted = load<u32>(test + OPERAND_LENGTH);
  const same = <u32>i8x16.bitmask(i8x16.eq(v128.load(start), v128.load(<usize>load<u32>(test + TEST_OPERAND))));
  const kept = (<u32>1 << wanted) - 1;
  return <u32>(length == wanted) & <u32>((same & kept) == kept) ? EQUAL : LESS;
}

/** How the field compares with the text, byte by byte, which is the order of code points. */
// @ts-ignore: decorator
@inline
function orderOfText(field: usize, kind: u32, test: usize): u32 {
  if (kind == NUMBER) return NOT_SAID;
  const start = <usize>load<u32>(field);
  const length = <usize>load<u32>(field, 4) - start;
  const operand = <usize>load<u32>(test + TEST_OPERAND);
  const operandLength = <usize>load<u32>(test + OPERAND_LENGTH);
  const shared = min(length, operandLength);
  for (let at: usize = 0; at < shared; at += 1) {
    const a = load<u8>(start + at);
    const b = load<u8>(operand + at);
    if (a != b) return a < b ? LESS : GREATER;
  }
  return length == operandLength ? EQUAL : length < operandLength ? LESS : GREATER;
}

/** Whether the field begins with the text, ends with it, or has it in it. */
function hasText(field: usize, against: u32, test: usize): bool {
  const start = <usize>load<u32>(field);
  const length = <usize>load<u32>(field, 4) - start;
  const text = <usize>load<u32>(test + TEST_OPERAND);
  const textLength = <usize>load<u32>(test + OPERAND_LENGTH);
  if (textLength > length) return false;
  const last = start + length - textLength;
  if (against == BEGINS) return isText(start, text, textLength);
  if (against == ENDS) return isText(last, text, textLength);
  return textLength == 0 || isWithin(start, last, text, textLength);
}

/** Whether the text begins at one of the places from `first` to `last`. */
function isWithin(first: usize, last: usize, text: usize, textLength: usize): bool {
  // Where the first byte and the last one are right, the others are looked at.
  const head = i8x16.splat(load<i8>(text));
  const tail = i8x16.splat(load<i8>(text + textLength - 1));
  for (let place = first; place <= last; place += 16) {
    const heads = i8x16.eq(v128.load(place), head);
    const tails = i8x16.eq(v128.load(place + textLength - 1), tail);
    let bits = <u32>i8x16.bitmask(v128.and(heads, tails));
    while (bits != 0) {
      const found = place + <usize>ctz(bits);
      if (found > last) return false;
      if (isText(found, text, textLength)) return true;
      bits &= bits - 1;
    }
  }
  return false;
}

function isText(place: usize, text: usize, length: usize): bool {
  for (let at: usize = 0; at < length; at += 1) if (load<u8>(place + at) != load<u8>(text + at)) return false;
  return true;
}
