import type { DifferenceName } from "./differences.ts";
import type { Operator, Type } from "./expression.ts";

/** Puts arguments into the words of a dialect. */
export type Words = (...args: string[]) => string;

/**
 * An operator by its words in both dialects.
 * @param duckDb left out where the words are the same
 */
export function operator(
  name: string,
  takes: readonly Type[],
  gives: Type,
  select: Words,
  duckDb: Words = select,
  bridges: readonly DifferenceName[] = [],
): Operator {
  return {
    name,
    takes,
    gives,
    select: (args) => select(...args),
    duckDb: (args) => duckDb(...args),
    bridges,
  };
}

/** `(a + b)` */
export const infix =
  (symbol: string): Words =>
  (a, b) =>
    `(${a} ${symbol} ${b})`;

/** `NAME(a, b)` */
export const call =
  (name: string): Words =>
  (...args) =>
    `${name}(${args.join(", ")})`;

/** The same operators for several types of their arguments. */
export const each = (
  types: readonly Type[],
  make: (type: Type) => readonly Operator[],
): Operator[] => types.flatMap(make);
