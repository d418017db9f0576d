import { SelectError, type Position } from "../../../shared/select/select-error.ts";
import type { AggregateName } from "../sql/syntax.ts";
import { asNumber, calculate } from "../values/numbers.ts";
import { quoted } from "../values/text.ts";
import {
  classOf,
  isNumber,
  isPresent,
  toDecimal,
  type NumberValue,
  type Value,
} from "../values/value.ts";
import { orderOf } from "./logic.ts";

/** Takes in one value a record, and gives what they amount to. */
export interface Accumulator {
  /** NULL and MISSING are passed over. */
  add(value: Value): void;
  result(): Value;
}

/**
 * An accumulator of the given kind.
 * @param isUntyped text that reads as a number is one
 */
export function createAccumulator(
  name: AggregateName,
  isUntyped: boolean,
  position: Position,
): Accumulator {
  switch (name) {
    case "COUNT":
      return new Count();
    case "SUM":
    case "AVG":
      return new Sum(name, isUntyped, position);
    case "MIN":
    case "MAX":
      return new Extreme(name, isUntyped, position);
  }
}

class Count implements Accumulator {
  #count = 0;

  add(value: Value): void {
    if (isPresent(value)) this.#count += 1;
  }

  result(): Value {
    return BigInt(this.#count);
  }
}

/** Integers add up to an integer, and their average is a decimal; a float makes both floats. */
class Sum implements Accumulator {
  readonly #name: "SUM" | "AVG";
  readonly #isUntyped: boolean;
  readonly #position: Position;
  #sum: NumberValue = 0n;
  #count = 0;

  constructor(name: "SUM" | "AVG", isUntyped: boolean, position: Position) {
    this.#name = name;
    this.#isUntyped = isUntyped;
    this.#position = position;
  }

  add(value: Value): void {
    if (!isPresent(value)) return;
    const number = asNumber(value, this.#isUntyped);
    if (number === null) throw this.#wrongType(value);
    this.#sum = this.#count === 0 ? number : calculate("+", this.#sum, number, this.#position);
    this.#count += 1;
  }

  result(): Value {
    if (this.#count === 0) return null;
    if (this.#name === "SUM") return this.#sum;
    if (typeof this.#sum === "number") return this.#sum / this.#count;
    return toDecimal(this.#sum).dividedBy(this.#count);
  }

  #wrongType(value: Value): SelectError {
    const detail = `${this.#name} takes numbers, and ${quoted(value)} is none; use CAST, or leave such records out with WHERE.`;
    return new SelectError("IncorrectSqlFunctionArgumentType", detail, this.#position);
  }
}

/** The least or the greatest of values of one class. */
class Extreme implements Accumulator {
  readonly #sign: 1 | -1;
  readonly #name: "MIN" | "MAX";
  readonly #isUntyped: boolean;
  readonly #position: Position;
  #best: Value = null;

  constructor(name: "MIN" | "MAX", isUntyped: boolean, position: Position) {
    this.#name = name;
    this.#sign = name === "MAX" ? 1 : -1;
    this.#isUntyped = isUntyped;
    this.#position = position;
  }

  add(value: Value): void {
    if (!isPresent(value)) return;
    const candidate = asNumber(value, this.#isUntyped) ?? value;
    if (this.#best === null) {
      this.#best = candidate;
      return;
    }
    const order = this.#order(candidate, this.#best);
    if (order * this.#sign > 0) this.#best = candidate;
  }

  result(): Value {
    return this.#best;
  }

  #order(a: Value, b: Value): number {
    const order = orderOf(a, b);
    if (order !== null) return order;
    // Where anything reads, numbers come before text.
    if (this.#isUntyped) return Number(isNumber(b)) - Number(isNumber(a));
    const detail = `${this.#name} takes values of one class, and not ${classOf(a)} beside ${classOf(b)}.`;
    throw new SelectError("IncorrectSqlFunctionArgumentType", detail, this.#position);
  }
}
