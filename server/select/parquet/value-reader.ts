import { fieldsAt, timestampOf, type Timestamp } from "../values/timestamp.ts";
import { Decimal, type Value } from "../values/value.ts";
import { bytesReader } from "./bytes-reader.ts";
import { damaged } from "./fault.ts";
import type { Meaning } from "./leaf.ts";
import { timeText } from "./time-text.ts";
import { lengthOf, type PlainVector, type Vector } from "./vector.ts";

/** Gives a value of a vector by its place there. */
export type ReadValue = (index: number) => Value;

/**
 * Makes what lies in a vector the values of the dialect.
 * @throws SelectError, as what it gives does, for places that a dictionary does not have
 */
export function valueReader(meaning: Meaning, vector: Vector): ReadValue {
  if (vector.kind !== "dictionary") return plainReader(meaning, vector);
  const places = vector.places();
  const entry = entryReader(meaning, vector.entries);
  return (index) => entry(places[index] ?? 0);
}

/** The entries of a dictionary, each of which is made a value once. */
function entryReader(meaning: Meaning, entries: PlainVector): ReadValue {
  const read = plainReader(meaning, entries);
  const count = lengthOf(entries);
  const known: (Value | undefined)[] = [];
  return (place) => {
    if (place < 0 || place >= count) throw damaged(`a dictionary has ${count} values, and no more`);
    return (known[place] ??= read(place));
  };
}

function plainReader(meaning: Meaning, vector: PlainVector): ReadValue {
  switch (vector.kind) {
    case "bool": {
      const { values } = vector;
      return (index) => values[index] === 1;
    }
    case "float32":
    case "float64": {
      const { values } = vector;
      return (index) => values[index] ?? 0;
    }
    case "int32":
      return int32Reader(meaning, vector.values);
    case "int64":
      return int64Reader(meaning, vector.halves);
    case "bytes":
      return bytesReader(meaning, vector);
  }
}

const DAY_MS = 86_400_000;

function int32Reader(meaning: Meaning, values: Int32Array): ReadValue {
  const at = (index: number): number => values[index] ?? 0;
  switch (meaning.kind) {
    case "decimal":
      return (index) => scaled(at(index), meaning.scale);
    case "date":
      return (index) => dayOf(at(index));
    case "time":
      return (index) => timeText(at(index), 0, meaning.unitDigits);
    case "timestamp":
      return (index) => moment(at(index), 0, meaning.unitDigits);
    case "unsigned":
      return (index) => BigInt(at(index) >>> 0);
    default:
      return (index) => BigInt(at(index));
  }
}

function int64Reader(meaning: Meaning, halves: Int32Array): ReadValue {
  switch (meaning.kind) {
    case "timestamp":
    case "time": {
      const { kind, unitDigits } = meaning;
      const make = kind === "time" ? timeText : moment;
      return (index) => {
        const value = signed(halves, index);
        // Whole milliseconds are a safe integer, whatever the unit is.
        const perMs = 10n ** BigInt(unitDigits - 3);
        const rest = ((value % perMs) + perMs) % perMs;
        const restNanoseconds = Number(rest) * 10 ** (9 - unitDigits);
        return make(Number((value - rest) / perMs), restNanoseconds, unitDigits);
      };
    }
    case "unsigned":
      return (index) => decimalOf(BigInt.asUintN(64, signed(halves, index)), 0);
    default: {
      const scale = meaning.kind === "decimal" ? meaning.scale : 0;
      return (index) => {
        const high = halves[index * 2 + 1] ?? 0;
        const isSafe = high >= -0x200000 && high < 0x200000;
        if (!isSafe) return decimalOf(signed(halves, index), scale);
        return scaled(high * 0x100000000 + ((halves[index * 2] ?? 0) >>> 0), scale);
      };
    }
  }
}

function signed(halves: Int32Array, index: number): bigint {
  const low = BigInt((halves[index * 2] ?? 0) >>> 0);
  return (BigInt(halves[index * 2 + 1] ?? 0) << 32n) | low;
}

function scaled(value: number, scale: number): Decimal {
  return scale === 0 ? new Decimal(value) : new Decimal(`${value}e-${scale}`);
}

function decimalOf(value: bigint, scale: number): Decimal {
  return new Decimal(`${value}e-${scale}`);
}

/** Days since 1970. */
function dayOf(days: number): Timestamp {
  const fields = fieldsAt(days * DAY_MS, 0);
  return timestampOf(fields, "day", 0, null) ?? outOfRange("date");
}

/** What has no zone counts as noted in UTC: the type is older than the distinction. */
function moment(ms: number, restNanoseconds: number, digits: number): Timestamp {
  const fields = fieldsAt(ms, restNanoseconds);
  return timestampOf(fields, "second", digits, 0) ?? outOfRange("timestamp");
}

function outOfRange(what: string): never {
  throw damaged(`a ${what} lies outside the years 1 to 9999`);
}
