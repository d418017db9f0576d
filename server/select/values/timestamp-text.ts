import { SelectError, type Position } from "../../../shared/select/select-error.ts";
import { quoted } from "./text.ts";
import { timestampOf, type Precision, type Timestamp, type TimestampFields } from "./timestamp.ts";
import type { PatternField, PatternToken } from "./timestamp-pattern.ts";

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** Years of two digits are those up to 2069, as Java's are. */
const CENTURY_PIVOT = 70;

/** A timestamp as a pattern has it. */
export function formatTimestamp(timestamp: Timestamp, pattern: readonly PatternToken[]): string {
  const { fields } = timestamp;
  const offset = timestamp.offsetMinutes ?? 0;
  return pattern
    .map((token) =>
      token.kind === "text" ? token.text : formatField(token.field, token.count, fields, offset),
    )
    .join("");
}

function formatField(
  field: PatternField,
  count: number,
  fields: TimestampFields,
  offset: number,
): string {
  const { year, month, day, hour, minute, second, nanosecond } = fields;
  const padded = (value: number) => String(value).padStart(count, "0");
  switch (field) {
    case "year":
      return count === 2 ? String(year % 100).padStart(2, "0") : padded(year);
    case "month":
      return count < 3 ? padded(month) : monthName(month, count);
    case "day":
      return padded(day);
    case "half":
      return hour < 12 ? "AM" : "PM";
    case "hour12":
      return padded(hour % 12 === 0 ? 12 : hour % 12);
    case "hour24":
      return padded(hour);
    case "minute":
      return padded(minute);
    case "second":
      return padded(second);
    case "fraction":
      return String(nanosecond).padStart(9, "0").slice(0, count);
    case "nanosecond":
      return String(nanosecond);
    case "offset-or-z":
      return offset === 0 ? "Z" : formatOffset(offset, count);
    case "offset":
      return formatOffset(offset, count);
  }
}

function monthName(month: number, count: number): string {
  const name = MONTHS[month - 1] ?? "";
  if (count === 4) return name;
  return name.slice(0, count === 3 ? 3 : 1);
}

/** Of one symbol hours alone where there are no minutes, of two and four together, of three and five with a colon. */
function formatOffset(offset: number, count: number): string {
  const size = Math.abs(offset);
  const hours = String(Math.floor(size / 60)).padStart(2, "0");
  const minutes = String(size % 60).padStart(2, "0");
  const sign = offset < 0 ? "-" : "+";
  if (count === 1) return `${sign}${hours}${minutes === "00" ? "" : minutes}`;
  return `${sign}${hours}${count % 2 === 0 ? "" : ":"}${minutes}`;
}

/** What was read so far. */
interface Reading {
  year?: number;
  month?: number;
  day?: number;
  hour?: number;
  isAfternoon?: boolean;
  minute?: number;
  second?: number;
  nanosecond?: number;
  fractionDigits?: number;
  offsetMinutes?: number;
}

/**
 * Reads a text by a pattern.
 * @throws SelectError `ValueParseFailure` where the text is not like the pattern, or names no day or time that exists
 */
export function readTimestamp(
  text: string,
  pattern: readonly PatternToken[],
  position: Position,
): Timestamp {
  const reading: Reading = {};
  let offset = 0;
  for (const token of pattern) {
    const rest = text.slice(offset, offset + 64);
    const length =
      token.kind === "text"
        ? lengthIfStarts(rest, token.text)
        : readField(token.field, token.count, rest, reading);
    if (length === null) throw unreadable(text, position);
    offset += length;
  }
  const timestamp = offset === text.length ? timestampOfReading(reading) : null;
  if (timestamp === null) throw unreadable(text, position);
  return timestamp;
}

function lengthIfStarts(text: string, prefix: string): number | null {
  return text.startsWith(prefix) ? prefix.length : null;
}

/** Notes the field and answers its length in the text; null where the text begins otherwise. */
function readField(
  field: PatternField,
  count: number,
  text: string,
  reading: Reading,
): number | null {
  switch (field) {
    case "year":
      return readNumber(text, count === 1 ? [1, 4] : [count, count], (year) => {
        reading.year = count === 2 ? year + (year < CENTURY_PIVOT ? 2000 : 1900) : year;
      });
    case "month":
      return count < 3
        ? readNumber(text, widths(count), (month) => (reading.month = month))
        : readMonthName(text, count, reading);
    case "day":
      return readNumber(text, widths(count), (day) => (reading.day = day));
    case "half":
      return readHalf(text, reading);
    case "hour12":
    case "hour24":
      return readNumber(text, widths(count), (hour) => (reading.hour = hour));
    case "minute":
      return readNumber(text, widths(count), (minute) => (reading.minute = minute));
    case "second":
      return readNumber(text, widths(count), (second) => (reading.second = second));
    case "fraction":
      return readNumber(text, [count, count], (value) => {
        reading.nanosecond = value * 10 ** (9 - count);
        reading.fractionDigits = count;
      });
    case "nanosecond":
      return readNumber(text, [1, 9], (value) => {
        reading.nanosecond = value;
        reading.fractionDigits = 9;
      });
    case "offset-or-z":
    case "offset":
      return readOffset(text, field, reading);
  }
}

/** One symbol takes one digit or two. */
function widths(count: number): readonly [number, number] {
  return [count, 2];
}

function readNumber(
  text: string,
  [least, most]: readonly [number, number],
  note: (value: number) => void,
): number | null {
  const found = /^\d*/u.exec(text)?.[0].slice(0, most) ?? "";
  if (found.length < least) return null;
  note(Number(found));
  return found.length;
}

function readMonthName(text: string, count: number, reading: Reading): number | null {
  const lower = text.toLowerCase();
  const index = MONTHS.findIndex((name) => lower.startsWith(shortened(name, count).toLowerCase()));
  const name = MONTHS[index];
  if (name === undefined) return null;
  reading.month = index + 1;
  return shortened(name, count).length;
}

function shortened(name: string, count: number): string {
  return count === 3 ? name.slice(0, 3) : name;
}

function readHalf(text: string, reading: Reading): number | null {
  const half = text.slice(0, 2).toUpperCase();
  if (half !== "AM" && half !== "PM") return null;
  reading.isAfternoon = half === "PM";
  return 2;
}

function readOffset(text: string, field: PatternField, reading: Reading): number | null {
  if (field === "offset-or-z" && text.startsWith("Z")) {
    reading.offsetMinutes = 0;
    return 1;
  }
  const found = /^([+-])(\d\d)(?::?(\d\d))?/u.exec(text);
  if (!found) return null;
  const [all, sign, hours, minutes = "0"] = found;
  if (Number(hours) > 23 || Number(minutes) > 59) return null;
  reading.offsetMinutes = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return all.length;
}

function timestampOfReading(reading: Reading): Timestamp | null {
  const { year, month = 1, day = 1, minute = 0, second = 0, nanosecond = 0 } = reading;
  const hour = hourOf(reading);
  if (year === undefined || hour === null) return null;
  const fields = { year, month, day, hour, minute, second, nanosecond };
  const precision = precisionOf(reading);
  const offset =
    precision === "minute" || precision === "second" ? (reading.offsetMinutes ?? null) : null;
  return timestampOf(fields, precision, reading.fractionDigits ?? 0, offset);
}

/** Null for an hour that no clock of that kind shows. */
function hourOf({ hour = 0, isAfternoon }: Reading): number | null {
  if (isAfternoon === undefined) return hour;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (isAfternoon ? 12 : 0);
}

function precisionOf({ month, day, hour, minute, second, nanosecond }: Reading): Precision {
  if (second !== undefined || nanosecond !== undefined) return "second";
  if (hour !== undefined || minute !== undefined) return "minute";
  if (day !== undefined) return "day";
  return month === undefined ? "year" : "month";
}

function unreadable(text: string, position: Position): SelectError {
  const detail = `${quoted(text)} is no timestamp by this pattern.`;
  return new SelectError("ValueParseFailure", detail, position);
}
