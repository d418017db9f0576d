const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A time of day as ISO 8601 has it; `ms` since midnight. */
export function timeText(ms: number, restNanoseconds: number, fractionDigits: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const time = `${two(ms / HOUR_MS)}:${two((ms / MINUTE_MS) % 60)}:${two((ms / 1000) % 60)}`;
  const nanoseconds = (ms % 1000) * 1e6 + restNanoseconds;
  return `${time}.${String(nanoseconds).padStart(9, "0").slice(0, fractionDigits)}`;
}

/** A span of months, days and milliseconds, four bytes each, as ISO 8601 has it. */
export function intervalText(bytes: Buffer): string {
  const ms = bytes.readUInt32LE(8);
  return `P${bytes.readUInt32LE(0)}M${bytes.readUInt32LE(4)}DT${ms / 1000}S`;
}
