/** How much of a timestamp is known; each includes those before it. */
export const PRECISIONS = ["year", "month", "day", "minute", "second"] as const;
export type Precision = (typeof PRECISIONS)[number];

/** Nanoseconds and finer: digits beyond these are cut off. */
const MAX_FRACTION_DIGITS = 9;

const MINUTE_MS = 60_000;

/** What a timestamp is made of, on the clock of its own place. */
export interface TimestampFields {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Of the second, in nanoseconds. */
  readonly nanosecond: number;
}

/**
 * A moment as Ion has it: with a precision, and with the offset of the place where it was noted.
 * @see https://amazon-ion.github.io/ion-docs/docs/spec.html#timestamp
 */
export class Timestamp {
  readonly precision: Precision;
  /** Digits behind the second's point; 0 without a fraction. */
  readonly fractionDigits: number;
  /** Minutes east of UTC; null where it is not known, and always for dates. */
  readonly offsetMinutes: number | null;
  /** Whole milliseconds since 1970, UTC. */
  readonly epochMs: number;
  /** What is beyond them, in nanoseconds, from 0 to 999,999. */
  readonly restNanoseconds: number;

  constructor(
    fields: TimestampFields,
    precision: Precision,
    fractionDigits = 0,
    offsetMinutes: number | null = null,
  ) {
    this.precision = precision;
    this.fractionDigits = fractionDigits;
    this.offsetMinutes = offsetMinutes;
    const ms = Math.floor(fields.nanosecond / 1e6);
    this.restNanoseconds = fields.nanosecond - ms * 1e6;
    const local = utcMs(fields) + ms;
    this.epochMs = local - (offsetMinutes ?? 0) * MINUTE_MS;
  }

  /** A moment, noted in UTC to the millisecond; `ms` since 1970. */
  static ofMs(ms: number): Timestamp {
    return new Timestamp(fieldsAt(ms, 0), "second", 3, 0);
  }

  /** On the clock of its own place. */
  get fields(): TimestampFields {
    return fieldsAt(this.localMs, this.restNanoseconds);
  }

  /** What the clock of its own place shows, as if it were that of UTC. */
  get localMs(): number {
    return this.epochMs + (this.offsetMinutes ?? 0) * MINUTE_MS;
  }

  /** Whether at least so much of it is known. */
  has(precision: Precision): boolean {
    return PRECISIONS.indexOf(this.precision) >= PRECISIONS.indexOf(precision);
  }

  /** Ion's text, which is W3C's note with its precision. */
  toString(): string {
    const { year, month, day, hour, minute, second, nanosecond } = this.fields;
    const date = [digits(year, 4), digits(month, 2), digits(day, 2)];
    if (this.precision === "year") return `${date[0]}T`;
    if (this.precision === "month") return `${date[0]}-${date[1]}T`;
    if (this.precision === "day") return date.join("-") + "T";
    const fraction = digits(nanosecond, 9).slice(0, this.fractionDigits);
    const seconds = this.precision === "second" ? `:${digits(second, 2)}` : "";
    const point = fraction === "" ? "" : `.${fraction}`;
    const time = `${digits(hour, 2)}:${digits(minute, 2)}${seconds}${point}`;
    return `${date.join("-")}T${time}${offsetText(this.offsetMinutes)}`;
  }
}

/** The fields of a moment on the clock of UTC; `ms` since 1970. */
export function fieldsAt(ms: number, restNanoseconds: number): TimestampFields {
  const date = new Date(ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    nanosecond: date.getUTCMilliseconds() * 1e6 + restNanoseconds,
  };
}

/** Earlier is negative; moments count, not how they are noted. */
export function compareTimestamps(a: Timestamp, b: Timestamp): number {
  return a.epochMs - b.epochMs || a.restNanoseconds - b.restNanoseconds;
}

const TEXT =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(?:(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d))?)?|T)|T)$/u;

/**
 * Reads Ion's and W3C's notation: `2010T`, `2010-02T`, `2010-02-03`, `2010-02-03T04:05Z`,
 * `2010-02-03T04:05:06.789+01:00`. Null where the text is none, or where there is no such day or time.
 */
export function parseTimestamp(text: string): Timestamp | null {
  const found = TEXT.exec(text);
  if (!found) return null;
  const [, year, month, day, hour, minute, second, fraction = "", zone] = found;
  const kept = fraction.slice(0, MAX_FRACTION_DIGITS);
  const fields = {
    year: Number(year),
    month: Number(month ?? 1),
    day: Number(day ?? 1),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    nanosecond: Number(kept.padEnd(MAX_FRACTION_DIGITS, "0")),
  };
  const offset = zone === undefined ? null : offsetOf(zone);
  if (offset === "invalid") return null;
  return timestampOf(fields, precisionOf(month, day, hour, second), kept.length, offset);
}

/** The timestamp of some fields; null where there is no such day or time. */
export function timestampOf(
  fields: TimestampFields,
  precision: Precision,
  fractionDigits: number,
  offsetMinutes: number | null,
): Timestamp | null {
  const { year, month, day, hour, minute, second } = fields;
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  return new Timestamp(fields, precision, fractionDigits, offsetMinutes);
}

/** Days of a month, which is counted from 1. */
export function daysIn(year: number, month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 0);
  return date.getUTCDate();
}

function precisionOf(
  month: string | undefined,
  day: string | undefined,
  hour: string | undefined,
  second: string | undefined,
): Precision {
  if (second !== undefined) return "second";
  if (hour !== undefined) return "minute";
  if (day !== undefined) return "day";
  return month === undefined ? "year" : "month";
}

/** `-00:00` says that the offset is not known. */
function offsetOf(zone: string): number | null | "invalid" {
  if (zone === "Z") return 0;
  if (zone === "-00:00") return null;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return "invalid";
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

function offsetText(offsetMinutes: number | null): string {
  if (offsetMinutes === null) return "-00:00";
  if (offsetMinutes === 0) return "Z";
  const size = Math.abs(offsetMinutes);
  const sign = offsetMinutes < 0 ? "-" : "+";
  return `${sign}${digits(Math.floor(size / 60), 2)}:${digits(size % 60, 2)}`;
}

/** `Date.UTC` takes the years below 100 for those of the last century. */
function utcMs({ year, month, day, hour, minute, second }: TimestampFields): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.setUTCHours(hour, minute, second, 0);
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
