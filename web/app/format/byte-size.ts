const UNITS = ["bytes", "kB", "MB", "GB", "TB", "PB"] as const;
const BINARY_UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;
const oneDigit = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/**
 * A size for people, in decimal units as file managers show them: `0 bytes`, `999 bytes`, `1.5 MB`, `53.7 TB`.
 * Three digits at most before a unit changes; anything that is no number above 0 reads as `0 bytes`.
 */
export function formatBytes(sizeBytes: number): string {
  if (!(sizeBytes > 0)) return "0 bytes";
  if (sizeBytes === 1) return "1 byte";
  let value = sizeBytes;
  let unit = 0;
  // 999.5 would round up to 1,000 of a unit: the next one says it shorter.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/**
 * A limit in binary units, as S3's own documentation counts them: `48.8 TiB`, `5 GiB`.
 * @param sizeBytes from 1
 */
export function formatLimit(sizeBytes: number): string {
  const unit = Math.min(BINARY_UNITS.length - 1, Math.floor(Math.log2(sizeBytes) / 10));
  return `${oneDigit.format(sizeBytes / 1024 ** unit)} ${BINARY_UNITS[unit]}`;
}

/** The exact size with thousands set apart, for receipts: `2,147,483,648 bytes`. */
export function formatExactBytes(sizeBytes: number): string {
  return sizeBytes === 1 ? "1 byte" : `${whole.format(sizeBytes)} bytes`;
}

/** A speed for people: `84.2 MB/s`; empty while nothing moves. */
export function formatSpeed(bytesPerSecond: number): string {
  return bytesPerSecond >= 1 ? `${formatBytes(Math.round(bytesPerSecond))}/s` : "";
}

/** A count with thousands set apart: `5,000`. */
export function formatCount(count: number): string {
  return whole.format(count);
}

/**
 * How far something unfinished is, in whole percent from 0 to 99: bytes that have left are not yet
 * bytes that arrived, and what is finished says so in words. An empty whole counts as 0.
 */
export function percentOf(sentBytes: number, sizeBytes: number): number {
  if (sizeBytes <= 0) return 0;
  return Math.max(0, Math.min(99, Math.floor((sentBytes / sizeBytes) * 100)));
}
