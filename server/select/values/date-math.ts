import { SelectError, type Position } from "../../../shared/select/select-error.ts";
import type { DatePart, ExtractPart } from "../sql/syntax.ts";
import {
  compareTimestamps,
  daysIn,
  fieldsAt,
  PRECISIONS,
  Timestamp,
  type Precision,
} from "./timestamp.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const UNIT_MS = { DAY: DAY_MS, HOUR: HOUR_MS, MINUTE: MINUTE_MS, SECOND: SECOND_MS } as const;

/** How much has to be known of a timestamp for a part to be added to. */
const NEEDED: Readonly<Record<DatePart, Precision>> = {
  YEAR: "year",
  MONTH: "month",
  DAY: "day",
  HOUR: "minute",
  MINUTE: "minute",
  SECOND: "second",
};

/** Timestamps have years of four digits. */
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const EARLIEST_MS = new Date("0001-01-01T00:00:00Z").getTime();

/**
 * A timestamp so many parts later; more of it becomes known where that is needed. A day that a month does not have
 * becomes its last.
 * @throws SelectError `ExternalEvalException` beyond the years 1 to 9999
 */
export function addDate(
  part: DatePart,
  quantity: bigint,
  timestamp: Timestamp,
  position: Position,
): Timestamp {
  const count = Number(quantity);
  const moved =
    part === "YEAR" || part === "MONTH"
      ? addMonths(timestamp, count * (part === "YEAR" ? 12 : 1))
      : timestamp.localMs + count * UNIT_MS[part];
  if (!(moved >= EARLIEST_MS && moved <= LATEST_MS)) {
    const detail = "The date lies outside the years 1 to 9999.";
    throw new SelectError("ExternalEvalException", detail, position);
  }
  const { precision, restNanoseconds, fractionDigits, offsetMinutes } = timestamp;
  const fields = fieldsAt(moved, restNanoseconds);
  return new Timestamp(fields, finer(precision, NEEDED[part]), fractionDigits, offsetMinutes);
}

/**
 * Whole parts from one timestamp to another, cut off towards zero; negative where the second is the earlier one.
 */
export function dateDiff(part: DatePart, from: Timestamp, to: Timestamp): bigint {
  if (compareTimestamps(from, to) > 0) return -dateDiff(part, to, from);
  if (part !== "YEAR" && part !== "MONTH") {
    const ms = to.epochMs - from.epochMs - (to.restNanoseconds < from.restNanoseconds ? 1 : 0);
    return BigInt(Math.floor(ms / UNIT_MS[part]));
  }
  const months = wholeMonths(from, to);
  return BigInt(part === "MONTH" ? months : Math.floor(months / 12));
}

/** One part of a timestamp; null where it is not known. */
export function extractPart(part: ExtractPart, timestamp: Timestamp): bigint | null {
  const { offsetMinutes, fields } = timestamp;
  switch (part) {
    case "TIMEZONE_HOUR":
      return offsetMinutes === null ? null : BigInt(Math.trunc(offsetMinutes / 60));
    case "TIMEZONE_MINUTE":
      return offsetMinutes === null ? null : BigInt(offsetMinutes % 60);
    case "YEAR":
      return BigInt(fields.year);
    case "MONTH":
      return BigInt(fields.month);
    case "DAY":
      return BigInt(fields.day);
    case "HOUR":
      return BigInt(fields.hour);
    case "MINUTE":
      return BigInt(fields.minute);
    case "SECOND":
      return BigInt(fields.second);
  }
}

function finer(a: Precision, b: Precision): Precision {
  return PRECISIONS.indexOf(a) > PRECISIONS.indexOf(b) ? a : b;
}

/** Local milliseconds of a timestamp some months later. */
function addMonths(timestamp: Timestamp, count: number): number {
  const { year, month, day } = timestamp.fields;
  const months = year * 12 + month - 1 + count;
  const newYear = Math.floor(months / 12);
  const newMonth = months - newYear * 12 + 1;
  if (!(newYear >= 1 && newYear <= 9999)) return NaN;
  const date = new Date(timestamp.localMs);
  return date.setUTCFullYear(newYear, newMonth - 1, Math.min(day, daysIn(newYear, newMonth)));
}

/** Months are counted on one clock, that of UTC. */
function wholeMonths(from: Timestamp, to: Timestamp): number {
  const a = new Date(from.epochMs);
  const b = new Date(to.epochMs);
  const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  const restA = from.epochMs - Date.UTC(a.getUTCFullYear(), a.getUTCMonth(), 1);
  const restB = to.epochMs - Date.UTC(b.getUTCFullYear(), b.getUTCMonth(), 1);
  const isShort = restB < restA || (restB === restA && to.restNanoseconds < from.restNanoseconds);
  return isShort ? months - 1 : months;
}
