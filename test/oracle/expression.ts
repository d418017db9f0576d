import type { DifferenceName } from "./differences.ts";

/**
 * What an expression is, so that only such are made as both dialects take. `small` are literals that no product of
 * a few leaves 64 bits by, `big` those that do, `length` none that is negative; `ratio` is only ever looked at, because its last digits are the engine's own; `raw` is text of CSV that stands
 * beside numbers.
 */
export type Type =
  | "int"
  | "small"
  | "length"
  | "big"
  | "dec"
  | "float"
  | "ratio"
  | "text"
  | "raw"
  | "pattern"
  | "bool"
  | "time";

/** A text in either dialect. */
export interface Words {
  readonly select: string;
  readonly duckDb: string;
}

/** An operator, a function or a syntax, as both dialects have it. */
export interface Operator {
  readonly name: string;
  readonly takes: readonly Type[];
  readonly gives: Type;
  select(args: readonly string[]): string;
  duckDb(args: readonly string[]): string;
  /** What the two words would differ in if nothing were done about it. */
  readonly bridges?: readonly DifferenceName[];
}

export type Expression =
  | { readonly kind: "leaf"; readonly words: Words }
  | { readonly kind: "call"; readonly operator: Operator; readonly args: readonly Expression[] };

/** An expression in both dialects. */
function wordsOf(expression: Expression): Words {
  if (expression.kind === "leaf") return expression.words;
  const { operator } = expression;
  const args = expression.args.map(wordsOf);
  return {
    select: operator.select(args.map(({ select }) => select)),
    duckDb: operator.duckDb(args.map(({ duckDb }) => duckDb)),
  };
}

/** A query in both dialects, with the types of its columns `c0`, `c1`, …; null where it asks for all columns. */
export interface QueryWords extends Words {
  readonly types: readonly Type[] | null;
}

export interface Query {
  /** Null for `*`. */
  readonly items: readonly { readonly type: Type; readonly expression: Expression }[] | null;
  readonly where: Expression | null;
  readonly limit: number | null;
}

export function queryWords({ items, where, limit }: Query): QueryWords {
  const render = (dialect: keyof Words, from: string): string =>
    [
      `SELECT ${items?.map(({ expression }, index) => `${wordsOf(expression)[dialect]} AS c${index}`).join(", ") ?? "*"}`,
      `FROM ${from} s`,
      ...(where === null ? [] : [`WHERE ${wordsOf(where)[dialect]}`]),
      ...(limit === null ? [] : [`LIMIT ${limit}`]),
    ].join(" ");
  return {
    select: render("select", "S3Object"),
    duckDb: render("duckDb", "rows"),
    types: items?.map(({ type }) => type) ?? null,
  };
}
