/**
 * Where a query's plan, its results and what is worked with lie, from an address that every call is given: several
 * threads call into one memory, each with an address of its own. `../kernel.ts` writes and reads it.
 */

// What is asked, as numbers of 32 bits.
export const FIELD_COUNT: usize = 0;
export const TEST_COUNT: usize = 4;
export const SUM_COUNT: usize = 8;
/** Delimiters before the last field that is needed, and the one behind it. */
export const DELIMITER_COUNT: usize = 12;
/** What makes the rows that are sure to be wanted count instead of being handed out. */
export const TALLIES: usize = 16;
export const FIELD_BYTE: usize = 20;
export const RECORD_BYTE: usize = 24;
/** 256 where there is none; so with the comment. */
export const QUOTE_BYTE: usize = 28;
export const COMMENT_BYTE: usize = 32;
/** A carriage return before the record's delimiter is no part of it. */
export const STRIPS_RETURN: usize = 36;
/** The tests are all that there is to ask. */
export const ARE_TESTS_ALL: usize = 40;

/** Steps of a condition that is more than its tests joined by AND; 0 where it is not. */
export const STEP_COUNT: usize = 44;

/** Behind the room for records that are handed out, from the plan's address. */
export const ROWS_END: usize = 48;

// What came of it.
/** Where the next call goes on. */
export const NEXT: usize = 64;
export const TALLY: usize = 72;

/** Powers of ten from the zeroth to the fifteenth, as floats. */
export const POWERS: usize = 96;
export const POWER_COUNT: usize = 16;

/** For each field that is needed, its column from 0 (CSV), or where its name lies and how long it is (JSON). */
export const NAMES: usize = 256;
/** The steps, a byte each: the place of a test, or what joins the results before it. */
export const STEPS: usize = 768;
export const MOST_STEPS: usize = 256;
export const STEP_AND: u32 = 64;
export const STEP_OR: u32 = 65;
export const STEP_NOT: u32 = 66;

/** Each with its field, kind, operator and flags, and a float, or where a text lies and how long it is. */
export const TESTS: usize = 1024;
export const TEST_BYTES: usize = 32;
export const TEST_OPERATOR: usize = 8;
export const TEST_FLAGS: usize = 12;
export const TEST_OPERAND: usize = 16;
/** Each with its field and type. */
export const SUMS: usize = 2048;
export const SUM_BYTES: usize = 16;
/** Texts of tests and names. */
export const TEXTS: usize = 2304;
export const TEXTS_END: usize = 6144;

// Kinds of a test.
export const AGAINST_NUMBER: u32 = 0;
export const AGAINST_TEXT: u32 = 1;
/** The same, where only equality is asked of a text of at most 16 bytes, which lies in as many. */
export const AGAINST_WORD: u32 = 2;
export const WORD_BYTES: usize = 16;
/** Whether the field begins with a text, ends with it, or has it in it. */
export const BEGINS: u32 = 3;
export const ENDS: u32 = 4;
export const CONTAINS: u32 = 5;
/** Whether there is a value. */
export const IS_NULL: u32 = 6;
export const IS_MISSING: u32 = 7;

// Operators are sets of the orders that satisfy them.
export const LESS: u32 = 1;
export const EQUAL: u32 = 2;
export const GREATER: u32 = 4;

// Flags of a test.
/** A cast asks for an integer: other numbers are for the evaluator. */
export const INTEGERS_ONLY: u32 = 1;
/** An empty text is no number, and such a comparison is not true. */
export const EMPTY_IS_NULL: u32 = 2;
/** An empty text is no number, and so it is another value. */
export const EMPTY_DIFFERS: u32 = 4;

// Types of a sum.
/** What there is, without a look at what it is. */
export const COUNT_ALL: u32 = 0;
/** Numbers as they are written: their digits are added up by how many are behind the point. */
export const EXACT: u32 = 1;
/** The same, and nothing behind the point. */
export const INTEGER: u32 = 2;
/** Floats, without any rounding. */
export const FLOAT: u32 = 3;
/** The first of the least values. With 1 it is the greatest: so with the two below. */
export const LEAST: u32 = 4;
/** The same where a cast asks for a number of any type, or for an integer. */
export const LEAST_NUMBER: u32 = 6;
export const LEAST_INTEGER: u32 = 8;

/** Of the record at hand: start, end and kind of each field that is needed. */
export const FIELDS: usize = 6144;
export const FIELD_BYTES: usize = 12;
/** Of the record at hand: where its delimiters are. */
export const DELIMITERS: usize = 7168;
/**
 * In the same place for JSON, a guess for each key of a line, in their order: it is what the key was in the line before.
 * The name with its quote and colon, how long that is, the field, and which of the first 16 bytes are to be the same.
 */
export const GUESSES: usize = 7168;
export const GUESS_BYTES: usize = 48;
export const GUESS_COUNT: usize = 64;
export const GUESS_LENGTH: usize = 32;
export const GUESS_FIELD: usize = 36;
export const GUESS_KEPT: usize = 40;
/** No sixteen bytes have this one. */
export const NO_GUESS: u32 = 65536;
export const TOTALS: usize = 12288;
export const TOTAL_BYTES: usize = 1024;

// What a sum amounts to.
export const ADDED: usize = 0;
/** How many of them had digits behind the point. */
export const FRACTIONS: usize = 4;
/** Floats since limbs were last carried. */
export const UNCARRIED: usize = 8;
/** Sums of 64 bits by how many digits are behind the point; what goes beyond is carried to those behind them. */
export const BY_SCALE: usize = 16;
export const SCALE_COUNT: usize = 16;
export const CARRIED: usize = 144;
/** A fixed-point number of limbs that are 32 bits apart; each holds more than that until it is carried. */
export const LIMBS: usize = 272;
export const LIMB_COUNT: usize = 67;

// What an extreme is: a field of a record that was passed over, and the number that it is.
/** Whether there is one, and what it is. */
export const BEST: usize = 0;
export const BEST_NONE: u32 = 0;
export const BEST_NUMBER: u32 = 1;
export const BEST_TEXT: u32 = 2;
/** It was not there when it was last asked for. */
export const IS_NEW: usize = 4;
export const BEST_START: usize = 8;
export const BEST_END: usize = 12;
export const BEST_VALUE: usize = 16;

/** All of a plan and its results. */
export const CONTEXT_BYTES: usize = 28672 + 65536;

/** The records handed out: start, end, verdict, and their fields. */
export const ROWS: usize = 28672;
export const ROW_HEAD_BYTES: usize = 12;

/** No more bytes than this make a record. */
export const MAX_RECORD_BYTES: usize = 1024 * 1024;

// What a field is.
/** Text without a type, as in CSV. */
export const TEXT: u32 = 0;
/** The same with escapes in it. */
export const ESCAPED: u32 = 1;
export const ABSENT: u32 = 2;
export const NULL: u32 = 3;
export const NUMBER: u32 = 4;
export const STRING: u32 = 5;
/** What only the evaluator knows: a boolean, a list, a structure, text with escapes. */
export const OTHER: u32 = 6;

// What is known of a record.
export const WANTED: u32 = 0;
/** Its fields are known, and whether it is wanted is not. */
export const OPEN: u32 = 1;
/** Nothing of it is known. */
export const UNREAD: u32 = 2;
export const UNWANTED: u32 = 3;
