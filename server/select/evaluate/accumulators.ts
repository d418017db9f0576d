import { SelectError, type Position } from "../../../shared/select/select-error.ts";
import type { AggregateName } from "../sql/syntax.ts";
import { asNumber, checkInteger, plainNumber } from "../values/numbers.ts";
import { quoted } from "../values/text.ts";
import {
  classOf,
  Decimal,
  ExactDecimal,
  isNumber,
  isPresent,
  toDecimal,
  type Value,
} from "../values/value.ts";
import { fromPlain, toPlain, type PlainValue } from "../values/plain-value.ts";
import { FloatSum } from "./float-sum.ts";
import { orderOf } from "./logic.ts";

/** What an accumulator holds, as data that threads can hand to each other. */
export type AccumulatorState =
  | { readonly kind: "count"; readonly count: number }
  | {
      readonly kind: "sum";
      readonly integers: bigint;
      /** As decimals are written. */
      readonly decimals: string;
      /** Floats that amount to the sum of all. */
      readonly floats: readonly number[];
      readonly integerCount: number;
      readonly decimalCount: number;
      readonly floatCount: number;
    }
  | { readonly kind: "extreme"; readonly best: PlainValue };

/** Takes in one value a record, and gives what they amount to. */
export interface Accumulator {
  /** NULL and MISSING are passed over. */
  add(value: Value): void;
  result(): Value;
  state(): AccumulatorState;
  /** Takes in what another accumulator of the same kind has taken in, of records that come behind its own. */
  merge(state: AccumulatorState): void;
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

  state(): AccumulatorState {
    return { kind: "count", count: this.#count };
  }

  merge(state: AccumulatorState): void {
    if (state.kind === "count") this.#count += state.count;
  }
}

/**
 * Integers add up to an integer, and their average is a decimal; a float makes both floats. Numbers are added up
 * without rounding: in whatever order they come, the sum is the same.
 */
class Sum implements Accumulator {
  readonly #name: "SUM" | "AVG";
  readonly #isUntyped: boolean;
  readonly #position: Position;
  #integers = 0n;
  #decimals = new ExactDecimal(0);
  readonly #floats = new FloatSum();
  #integerCount = 0;
  #decimalCount = 0;
  #floatCount = 0;

  constructor(name: "SUM" | "AVG", isUntyped: boolean, position: Position) {
    this.#name = name;
    this.#isUntyped = isUntyped;
    this.#position = position;
  }

  add(value: Value): void {
    if (!isPresent(value)) return;
    const number = asNumber(value, this.#isUntyped);
    if (number === null) throw this.#wrongType(value);
    if (typeof number === "bigint") {
      this.#integers += number;
      this.#integerCount += 1;
    } else if (typeof number === "number") {
      this.#floats.add(number);
      this.#floatCount += 1;
    } else {
      this.#decimals = this.#decimals.plus(number);
      this.#decimalCount += 1;
    }
  }

  result(): Value {
    const count = this.#integerCount + this.#decimalCount + this.#floatCount;
    if (count === 0) return null;
    if (this.#floatCount > 0) {
      this.#floats.add(Number(this.#exact()));
      const sum = this.#floats.result();
      return this.#name === "SUM" ? sum : sum / count;
    }
    if (this.#name === "AVG") return new Decimal(this.#exact()).dividedBy(count);
    if (this.#decimalCount > 0) return new Decimal(this.#exact()).toSignificantDigits();
    return checkInteger(this.#integers, this.#position);
  }

  state(): AccumulatorState {
    return {
      kind: "sum",
      integers: this.#integers,
      decimals: this.#decimals.toString(),
      floats: this.#floats.parts(),
      integerCount: this.#integerCount,
      decimalCount: this.#decimalCount,
      floatCount: this.#floatCount,
    };
  }

  merge(state: AccumulatorState): void {
    if (state.kind !== "sum") return;
    this.#integers += state.integers;
    if (state.decimalCount > 0) this.#decimals = this.#decimals.plus(state.decimals);
    for (const part of state.floats) this.#floats.add(part);
    this.#integerCount += state.integerCount;
    this.#decimalCount += state.decimalCount;
    this.#floatCount += state.floatCount;
  }

  /** Integers and decimals together. */
  #exact(): Decimal {
    return this.#decimals.plus(toDecimal(this.#integers));
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
  /** The best as a float, where it is a number that is told from all others so. */
  #plainBest: number | null = null;

  constructor(name: "MIN" | "MAX", isUntyped: boolean, position: Position) {
    this.#name = name;
    this.#sign = name === "MAX" ? 1 : -1;
    this.#isUntyped = isUntyped;
    this.#position = position;
  }

  add(value: Value): void {
    if (!isPresent(value)) return;
    const plain = this.#isUntyped && typeof value === "string" ? plainNumber(value) : null;
    // Most numbers are no better than the best so far, and seen to be so without being made one.
    if (plain !== null && this.#plainBest !== null) {
      if ((plain - this.#plainBest) * this.#sign <= 0) return;
    }
    const candidate = asNumber(value, this.#isUntyped) ?? value;
    if (this.#best !== null && this.#order(candidate, this.#best) * this.#sign <= 0) return;
    this.#best = candidate;
    this.#plainBest = plain;
  }

  result(): Value {
    return this.#best;
  }

  state(): AccumulatorState {
    return { kind: "extreme", best: toPlain(this.#best) };
  }

  merge(state: AccumulatorState): void {
    if (state.kind === "extreme") this.add(fromPlain(state.best));
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
