import { compare } from "../evaluate/logic.ts";
import type { Expression } from "../sql/syntax.ts";
import type { Value } from "../values/value.ts";
import type { Columns } from "./bind-record.ts";
import { comparisonsOf, type Comparison } from "./conjuncts.ts";
import { FlatColumn } from "./flat-column.ts";
import { decodePlain } from "./plain.ts";
import type { Leaf } from "./leaf.ts";
import type { Bounds } from "./metadata.ts";
import { valueReader } from "./value-reader.ts";

/** What is known of the values of a column, in a row group or in a page. */
export interface Known {
  readonly bounds: Bounds;
  readonly rowCount: number;
}

/** Whether a condition may hold for any of some rows, as far as is known of the columns it names. */
export interface Prunable {
  readonly leaves: readonly Leaf[];
  mayHold(knownOf: (leaf: Leaf) => Known | null): boolean;
}

/**
 * What the bounds of columns say about a condition; null where they say nothing. As other readers do, bounds are
 * taken for those of all numbers: a column of floats has no NaN where it has bounds.
 */
export function prunableOf(
  condition: Expression,
  columns: Columns,
  constantOf: (expression: Expression) => Value | undefined,
): Prunable | null {
  if (condition.kind === "logic")
    return ofMany(condition.operator, condition.operands, columns, constantOf);
  if (condition.kind === "is" && condition.what === "NULL" && condition.operand.kind === "path") {
    const leaf = leafOf(columns, { path: condition.operand });
    return leaf && { leaves: [leaf], mayHold: (knownOf) => knownOf(leaf)?.bounds.nullCount !== 0 };
  }
  const comparisons = comparisonsOf(condition, constantOf);
  const [first] = comparisons ?? [];
  const leaf = first ? leafOf(columns, first) : null;
  if (leaf === null || comparisons === null) return null;
  return {
    leaves: [leaf],
    mayHold(knownOf) {
      const known = knownOf(leaf);
      return known === null || comparisons.every((each) => mayCompare(each, leaf, known));
    },
  };
}

function ofMany(
  operator: "AND" | "OR",
  operands: readonly Expression[],
  columns: Columns,
  constantOf: (expression: Expression) => Value | undefined,
): Prunable | null {
  const all = operands.map((operand) => prunableOf(operand, columns, constantOf));
  const some = all.filter((each) => each !== null);
  if (some.length === 0 || (operator === "OR" && some.length < all.length)) return null;
  const leaves = some.flatMap((each) => each.leaves);
  return {
    leaves,
    mayHold: (knownOf) =>
      operator === "AND"
        ? some.every((each) => each.mayHold(knownOf))
        : some.some((each) => each.mayHold(knownOf)),
  };
}

/** NULLs are counted where they may be those of what a column lies in: then nothing is known. */
function leafOf(columns: Columns, { path }: Pick<Comparison, "path">): Leaf | null {
  const bound = columns.find(path);
  return bound?.column instanceof FlatColumn && bound.rest.length === 0 ? bound.column.leaf : null;
}

function mayCompare({ operator, value }: Comparison, leaf: Leaf, known: Known): boolean {
  const { min, max, nullCount } = known.bounds;
  if (nullCount === known.rowCount) return false;
  const low = boundOf(min, leaf, known.bounds);
  const high = boundOf(max, leaf, known.bounds);
  const isAbove = operator === ">" || operator === ">=" ? operator : ">=";
  const isBelow = operator === "<" || operator === "<=" ? operator : "<=";
  const mayBeAbove = high === undefined || compare(isAbove, high, value, false) !== false;
  const mayBeBelow = low === undefined || compare(isBelow, low, value, false) !== false;
  switch (operator) {
    case "<>":
      return true;
    case "=":
      return mayBeAbove && mayBeBelow;
    case ">":
    case ">=":
      return mayBeAbove;
    default:
      return mayBeBelow;
  }
}

/** The value that a bound is; undefined where it says nothing. */
function boundOf(bytes: Uint8Array | null, leaf: Leaf, { isOrdered }: Bounds): Value | undefined {
  if (bytes === null) return undefined;
  const { kind } = leaf.meaning;
  const isBytes = leaf.physical === "BYTE_ARRAY" || leaf.physical === "FIXED_LEN_BYTE_ARRAY";
  // Older writers ordered bytes and numbers without a sign as if they had one.
  if (!isOrdered && (isBytes || kind === "unsigned")) return undefined;
  if (isBytes && kind !== "text") return undefined;
  try {
    const value = isBytes
      ? textOf(bytes)
      : valueReader(leaf.meaning, decodePlain({ bytes, start: 0, end: bytes.length }, 1, leaf))(0);
    return typeof value === "number" && Number.isNaN(value) ? undefined : value;
  } catch {
    // A bound that cannot be read bounds nothing: the values themselves will tell.
    return undefined;
  }
}

/** Bounds may be cut off within a character, which then stands for no other. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}
