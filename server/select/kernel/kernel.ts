import type { CsvInput } from "../../../shared/select/csv-input.ts";
import * as at from "./assembly/layout.ts";
import { KERNEL_BASE64 } from "./kernel.wasm.ts";
import { isExtreme, type KernelPlan, type KernelSum } from "./kernel-plan.ts";
import type { KernelTest, TestOperator } from "./kernel-tests.ts";
import {
  compileModule,
  instantiate,
  type KernelMemory,
  type KernelModule,
} from "./web-assembly.ts";

/** Reads records that lie from `start` to `end`, with a plan that lies at `context`; answers how many it hands out. */
type Scan = (context: number, start: number, end: number) => number;

/**
 * Unpacks a deflate stream that lies at `state`, from its input into its output, as far as there are both; what it may
 * refer to begins at `window`.
 */
type Inflate = (
  state: number,
  input: number,
  inputEnd: number,
  window: number,
  output: number,
  outputEnd: number,
) => number;

export interface Kernel {
  readonly scanCsv: Scan;
  readonly scanJson: Scan;
  readonly inflate: Inflate;
}

let compiled: KernelModule | undefined;

/** The kernel, ready to work in some memory. */
export function openKernel(memory: KernelMemory): Kernel {
  compiled ??= compileModule(Buffer.from(KERNEL_BASE64, "base64"));
  const { scanCsv, scanJson, inflate } = instantiate(compiled, memory);
  return {
    scanCsv: functionOf(scanCsv),
    scanJson: functionOf(scanJson),
    inflate: functionOf(inflate),
  };
}

function functionOf(exported: unknown): (...numbers: number[]) => number {
  if (typeof exported !== "function") throw new Error("The kernel is not what it should be");
  return (...numbers) => Number(exported(...numbers));
}

/** No byte is this one. */
const NO_BYTE = 256;

const OPERATORS: Readonly<Partial<Record<TestOperator, number>>> = {
  "=": at.EQUAL,
  "<>": at.LESS | at.GREATER,
  "<": at.LESS,
  "<=": at.LESS | at.EQUAL,
  ">": at.GREATER,
  ">=": at.GREATER | at.EQUAL,
};

/** What is no comparison has a kind of its own. */
const KINDS: Readonly<Partial<Record<TestOperator, number>>> = {
  begins: at.BEGINS,
  ends: at.ENDS,
  contains: at.CONTAINS,
  "is-null": at.IS_NULL,
  "is-missing": at.IS_MISSING,
};

const JOINS = { AND: at.STEP_AND, OR: at.STEP_OR, NOT: at.STEP_NOT } as const;

const SUM_TYPES: Readonly<Record<KernelSum["type"], number>> = {
  count: at.COUNT_ALL,
  exact: at.EXACT,
  integer: at.INTEGER,
  float: at.FLOAT,
  least: at.LEAST,
  greatest: at.LEAST | 1,
  "least-number": at.LEAST_NUMBER,
  "greatest-number": at.LEAST_NUMBER | 1,
  "least-integer": at.LEAST_INTEGER,
  "greatest-integer": at.LEAST_INTEGER | 1,
};

/** Writes what is asked of CSV. */
export function writeCsvPlan(view: DataView, plan: KernelPlan<number>, csv: CsvInput): void {
  writePlan(view, plan);
  const set = (place: number, value: number) => view.setUint32(place, value, true);
  const byteOf = (text: string) => (text === "" ? NO_BYTE : text.charCodeAt(0));
  set(at.FIELD_BYTE, byteOf(csv.fieldDelimiter));
  set(at.RECORD_BYTE, byteOf(csv.recordDelimiter));
  set(at.QUOTE_BYTE, byteOf(csv.quote));
  set(at.COMMENT_BYTE, byteOf(csv.comment));
  set(at.STRIPS_RETURN, csv.recordDelimiter === "\n" ? 1 : 0);
  set(
    at.DELIMITER_COUNT,
    plan.fields.reduce((most, column) => Math.max(most, column + 1), 0),
  );
  for (const [index, column] of plan.fields.entries()) set(at.NAMES + index * 4, column);
}

/** Writes what is asked of lines of JSON. */
export function writeJsonPlan(view: DataView, plan: KernelPlan<string>): void {
  let text = writePlan(view, plan);
  for (const [index, name] of plan.fields.entries()) {
    const bytes = new TextEncoder().encode(name);
    text = writeText(view, at.NAMES + index * 8, text, bytes);
  }
  for (let guess = 0; guess < at.GUESS_COUNT; guess += 1) {
    const place = at.GUESSES + guess * at.GUESS_BYTES + at.GUESS_KEPT;
    view.setUint32(place, at.NO_GUESS, true);
  }
}

/** What both have in common; answers where texts have room. */
function writePlan(
  view: DataView,
  { fields, tests, steps, areTestsAll, sums }: KernelPlan<unknown>,
): number {
  const set = (place: number, value: number) => view.setUint32(place, value, true);
  const added = sums === null ? [] : addedSums(sums);
  set(at.FIELD_COUNT, fields.length);
  set(at.TEST_COUNT, tests.length);
  set(at.SUM_COUNT, added.length);
  set(at.ARE_TESTS_ALL, areTestsAll ? 1 : 0);
  set(at.STEP_COUNT, steps.length);
  for (const [index, step] of steps.entries()) {
    view.setUint8(at.STEPS + index, typeof step === "number" ? step : JOINS[step]);
  }
  set(at.TALLIES, sums === null ? 0 : 1);
  // Of equal values the first is told: what the kernel leaves to others has its turn before the records behind it.
  const hasExtremes = sums?.some(isExtreme) === true;
  const rowBytes = at.ROW_HEAD_BYTES + fields.length * at.FIELD_BYTES;
  set(at.ROWS_END, hasExtremes ? at.ROWS + rowBytes : at.CONTEXT_BYTES);
  for (const [index, { field, type }] of added.entries()) {
    set(at.SUMS + index * at.SUM_BYTES, field);
    set(at.SUMS + index * at.SUM_BYTES + 4, SUM_TYPES[type]);
  }
  for (let power = 0; power < at.POWER_COUNT; power += 1) {
    view.setFloat64(at.POWERS + power * 8, 10 ** power, true);
  }
  let text: number = at.TEXTS;
  for (const [index, test] of tests.entries()) {
    text = writeTest(view, at.TESTS + index * at.TEST_BYTES, text, test);
  }
  return text;
}

function writeTest(view: DataView, place: number, text: number, test: KernelTest): number {
  const { field, operator, operand } = test;
  const kind = kindOf(test);
  view.setUint32(place, field, true);
  view.setUint32(place + 4, kind, true);
  view.setUint32(place + at.TEST_OPERATOR, OPERATORS[operator] ?? 0, true);
  view.setUint32(place + at.TEST_FLAGS, flagsOf(test), true);
  if (typeof operand === "number") {
    view.setFloat64(place + at.TEST_OPERAND, operand, true);
    return text;
  }
  const behind = writeText(view, place + at.TEST_OPERAND, text, operand);
  return kind === at.AGAINST_WORD ? text + at.WORD_BYTES : behind;
}

function kindOf({ operator, operand }: KernelTest): number {
  const kind = KINDS[operator];
  if (kind !== undefined) return kind;
  if (typeof operand === "number") return at.AGAINST_NUMBER;
  const isEquality = operator === "=" || operator === "<>";
  return isEquality && operand.length <= at.WORD_BYTES ? at.AGAINST_WORD : at.AGAINST_TEXT;
}

function flagsOf({ operator, isIntegersOnly, isEmptyNoNumber }: KernelTest): number {
  const isEquality = operator === "=" || operator === "<>";
  const empty = isEquality ? at.EMPTY_DIFFERS : at.EMPTY_IS_NULL;
  return (isIntegersOnly ? at.INTEGERS_ONLY : 0) | (isEmptyNoNumber ? empty : 0);
}

/** Where a text lies is said by its address in all of the memory. */
function writeText(view: DataView, place: number, text: number, bytes: Uint8Array): number {
  new Uint8Array(view.buffer, view.byteOffset).set(bytes, text);
  view.setUint32(place, view.byteOffset + text, true);
  view.setUint32(place + 4, bytes.length, true);
  return text + bytes.length;
}

/** What is added up. */
interface AddedSum {
  readonly field: number;
  readonly type: KernelSum["type"];
}

/** Sums that are added up, each kind of them once. */
export function addedSums(sums: readonly KernelSum[]): readonly AddedSum[] {
  const added: AddedSum[] = [];
  for (const { field, type } of sums) {
    if (field === null || placeOf(added, field, type) !== -1) continue;
    added.push({ field, type });
  }
  return added;
}

/** Where a sum lies among those that are added up; -1 where it does not. */
export function placeOf(
  added: readonly AddedSum[],
  field: number,
  type: KernelSum["type"],
): number {
  return added.findIndex((each) => each.field === field && each.type === type);
}
