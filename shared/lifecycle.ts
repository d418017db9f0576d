/**
 * When S3 ends incomplete uploads by the rules of a bucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html
 */

/** An enabled rule that ends incomplete uploads; those that filter by tag or size never do. */
export interface AbortRule {
  /** Of keys; empty: all. */
  readonly prefix: string;
  /** Whole days after initiation, from 1. */
  readonly days: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Midnight UTC after `days` full days from `fromMs`; both in milliseconds since 1970. */
export function dueAfterDays(fromMs: number, days: number): number {
  return Math.ceil((fromMs + days * DAY_MS) / DAY_MS) * DAY_MS;
}

/** When the first of the rules ends an upload, in milliseconds since 1970; `null`: none ever does. */
export function abortDueMs(
  rules: readonly AbortRule[],
  upload: { readonly key: string; readonly initiatedAtMs: number },
): number | null {
  const days = rules
    .filter(({ prefix }) => upload.key.startsWith(prefix))
    .reduce((least, rule) => Math.min(least, rule.days), Infinity);
  return days === Infinity ? null : dueAfterDays(upload.initiatedAtMs, days);
}
