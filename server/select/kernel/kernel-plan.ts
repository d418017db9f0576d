import type { Expression, Path, Query } from "../sql/syntax.ts";
import type { Aggregate } from "../evaluate/evaluator.ts";
import { aggregatesIn, partsOf } from "../evaluate/plan.ts";
import { MOST_STEPS, TEXTS, TEXTS_END, WORD_BYTES } from "./assembly/layout.ts";
import { conditionOf, type KernelStep } from "./kernel-condition.ts";
import type { KernelTest } from "./kernel-tests.ts";

/** What a sum takes: anything that is there, or numbers as they are written, whole numbers, or floats. */
export type AdditionType = "count" | "exact" | "integer" | "float";

/** What the least or the greatest value is one of: whatever there is, or numbers, or integers. */
export type ExtremeType = `${"least" | "greatest"}${"" | "-number" | "-integer"}`;

/** One aggregate of a query, in the order in which they stand there. */
export type KernelSum = KernelAddition | KernelExtreme;

/** COUNT, SUM or AVG. */
export interface KernelAddition {
  /** Its place among the fields; null where it counts records. */
  readonly field: number | null;
  readonly type: AdditionType;
  /** Numbers without a point are decimals, too. */
  readonly isDecimal: boolean;
}

/** MIN or MAX. */
export interface KernelExtreme {
  readonly field: number;
  readonly type: ExtremeType;
  /** What the values are cast to; null where they are taken as they are. */
  readonly cast: Pick<Extract<Expression, { kind: "cast" }>, "type" | "position"> | null;
}

export function isExtreme(sum: KernelSum): sum is KernelExtreme {
  return "cast" in sum;
}

/** What of a query the kernel does; the rest of it is done with the records that it hands out. */
export interface KernelPlan<Name> {
  /** The fields that the query asks for. */
  readonly fields: readonly Name[];
  /** They are asked in this order; where one says no, the record is not wanted. */
  readonly tests: readonly KernelTest[];
  /** How their results are joined; empty where by AND. */
  readonly steps: readonly KernelStep[];
  /** A record that passes the tests is wanted. */
  readonly areTestsAll: boolean;
  /** Null where records are handed out one by one. */
  readonly sums: readonly KernelSum[] | null;
}

/** More fields than this, tests or sums have no room in the kernel's memory. */
const MOST = { fields: 64, tests: 32, sums: 16, steps: MOST_STEPS };

/** How the records of a format are read. */
export interface KernelFormat<Name> {
  /** The field that a path begins at; null where the kernel cannot find it. */
  fieldOf(path: Path): Name | null;
  /** Whether the path leads to the field itself, and not into it. */
  isWhole(path: Path): boolean;
  /** Text that reads as a number is one. */
  readonly isUntyped: boolean;
}

/** What the kernel can do of a query; null where it can do nothing. */
export function planKernel<Name extends string | number>(
  query: Query,
  format: KernelFormat<Name>,
): KernelPlan<Name> | null {
  const fields: Name[] = [];
  const expressions = [...(query.items ?? []).map(({ expression }) => expression), query.where];
  for (const path of expressions.flatMap(pathsIn)) {
    const name = format.fieldOf(path);
    if (name === null) return null;
    if (!fields.includes(name)) fields.push(name);
  }
  if (fields.length > MOST.fields) return null;
  const place = (path: Path): number | null => {
    const name = format.isWhole(path) ? format.fieldOf(path) : null;
    return name === null ? null : fields.indexOf(name);
  };
  const condition = conditionOf(query.where, { place, isUntyped: format.isUntyped });
  const { tests, steps, areAll } = condition;
  if (tests.length > MOST.tests || steps.length > MOST.steps) return null;
  if (textBytesOf(fields, tests) > TEXTS_END - TEXTS) return null;
  const sums = areAll ? sumsOf(query, place, format.isUntyped) : null;
  return { fields, tests, steps, areTestsAll: areAll, sums };
}

/** How much room names and texts take. */
function textBytesOf(fields: readonly (string | number)[], tests: readonly KernelTest[]): number {
  const operands = tests.map(({ operand }) => (typeof operand === "number" ? 0 : operand.length));
  const names = fields.map((name) => (typeof name === "number" ? 0 : name.length));
  return [...operands, ...names].reduce((sum, length) => sum + Math.max(length, WORD_BYTES), 0);
}

function pathsIn(expression: Expression | null): readonly Path[] {
  if (expression === null) return [];
  return expression.kind === "path" ? [expression] : partsOf(expression).flatMap(pathsIn);
}

/** Null where the query has no aggregates, or one that the kernel has not. */
function sumsOf(
  query: Query,
  place: (path: Path) => number | null,
  isUntyped: boolean,
): readonly KernelSum[] | null {
  const aggregates = (query.items ?? []).flatMap(({ expression }) => aggregatesIn(expression));
  if (aggregates.length === 0 || aggregates.length > MOST.sums) return null;
  const sums = aggregates.map((aggregate) => sumOf(aggregate, place, isUntyped));
  return sums.every((sum) => sum !== null) ? sums : null;
}

function sumOf(
  aggregate: Aggregate,
  place: (path: Path) => number | null,
  isUntyped: boolean,
): KernelSum | null {
  const { name, operand } = aggregate;
  if (name === "MIN" || name === "MAX") return extremeOf(aggregate, place);
  if (operand === null) return { field: null, type: "count", isDecimal: false };
  if (operand.kind === "path") {
    const field = place(operand);
    // What is there is counted; in JSON only the evaluator knows what a value is.
    if (field === null || (name === "COUNT" && !isUntyped)) return null;
    return { field, type: name === "COUNT" ? "count" : "exact", isDecimal: false };
  }
  if (operand.kind !== "cast" || operand.operand.kind !== "path" || name === "COUNT") return null;
  const field = place(operand.operand);
  const type = CAST_SUMS[operand.type];
  return field === null || type === undefined
    ? null
    : { field, type, isDecimal: operand.type === "DECIMAL" };
}

function extremeOf(
  { name, operand }: Aggregate,
  place: (path: Path) => number | null,
): KernelExtreme | null {
  const side = name === "MIN" ? "least" : "greatest";
  if (operand?.kind === "path") {
    const field = place(operand);
    return field === null ? null : { field, type: side, cast: null };
  }
  if (operand?.kind !== "cast" || operand.operand.kind !== "path") return null;
  const field = place(operand.operand);
  const kind = CAST_EXTREMES[operand.type];
  return field === null || kind === undefined
    ? null
    : { field, type: `${side}-${kind}`, cast: operand };
}

const CAST_EXTREMES: Readonly<Record<string, "number" | "integer">> = {
  FLOAT: "number",
  DECIMAL: "number",
  INTEGER: "integer",
};

const CAST_SUMS: Readonly<Record<string, AdditionType>> = {
  FLOAT: "float",
  DECIMAL: "exact",
  INTEGER: "integer",
};
