import { asFloat, readNumber, scale } from "./numbers";
import {
  ABSENT, AGAINST_NUMBER, AGAINST_WORD, ARE_TESTS_ALL, EMPTY_IS_NULL, EQUAL, ESCAPED, FIELDS, FIELD_BYTES, GREATER, INTEGERS_ONLY, LESS, NULL,
  NUMBER, OPEN, OTHER, STRING, TESTS, TEST_BYTES, TEST_COUNT, TEST_FLAGS, TEST_OPERAND, TEST_OPERATOR, UNWANTED,
  WANTED,
} from "./layout";

const FIELD: usize = 0;
const KIND: usize = 4;
const OPERAND_LENGTH: usize = 20;

/** What the tests say of the record at hand; they are asked in their order, as AND asks its operands. */
// @ts-ignore: decorator
@inline
export function verdictOn(at: usize): u32 {
  const end = at + TESTS + <usize>load<u32>(at + TEST_COUNT) * TEST_BYTES;
  let verdict = WANTED;
  // NULL is neither true nor false, and lets the operands behind it be asked.
  const unknown = load<u32>(at + ARE_TESTS_ALL) != 0 ? UNWANTED : OPEN;
  for (let test = at + TESTS; test < end; test += TEST_BYTES) {
    const field = at + FIELDS + <usize>load<u32>(test + FIELD) * FIELD_BYTES;
    const kind = load<u32>(field, 8);
    if (kind == ABSENT || kind == NULL) {
      verdict = unknown;
      continue;
    }
    if (kind == ESCAPED || kind == OTHER) return OPEN;
    const against = load<u32>(test + KIND);
    const found =
      against == AGAINST_NUMBER ? orderOfNumber(at, field, kind, test)
      : against == AGAINST_WORD ? equalityOfWord(field, kind, test)
      : orderOfText(field, kind, test);
    if (found == 0) return OPEN;
    if (found == NO_ORDER) {
      verdict = unknown;
      continue;
    }
    if ((found & load<u32>(test + TEST_OPERATOR)) == 0) return UNWANTED;
  }
  return verdict;
}

const NO_ORDER: u32 = 8;

/** How the field compares with the number; 0 where the evaluator has to say. */
// @ts-ignore: decorator
@inline
function orderOfNumber(at: usize, field: usize, kind: u32, test: usize): u32 {
  const start = <usize>load<u32>(field);
  const end = <usize>load<u32>(field, 4);
  const flags = load<u32>(test + TEST_FLAGS);
  if (kind == STRING) return 0;
  if (start == end) return (flags & EMPTY_IS_NULL) != 0 ? NO_ORDER : 0;
  if (!readNumber(start, end)) return 0;
  if ((flags & INTEGERS_ONLY) != 0 && scale != 0) return 0;
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
  if (kind == NUMBER) return 0;
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
  if (kind == NUMBER) return 0;
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
