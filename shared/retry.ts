/** How long to wait between tries, and when to stop trying; times in milliseconds. */
export interface BackoffPolicy {
  /** Upper bound of the first delay. */
  readonly baseDelayMs: number;
  /** Upper bound of every delay. */
  readonly maxDelayMs: number;
  /** Lower bound of every delay: full jitter alone may come out at 0 again and again. */
  readonly minDelayMs: number;
  /** Longest `Retry-After` that is obeyed to the letter. */
  readonly maxRetryAfterMs: number;
  /** Given up when both this much time has gone by since the first failure … */
  readonly giveUpAfterMs: number;
  /** … and this many tries have failed, so that a laptop's sleep does not count as patience. */
  readonly giveUpAfterFailures: number;
}

/**
 * Survives a night without a server: delays grow to a minute, and a person can always say "now".
 * Whoever closes the laptop in the evening finds the upload done, not failed, the day after.
 */
export const DEFAULT_BACKOFF: BackoffPolicy = {
  baseDelayMs: 500,
  maxDelayMs: 60_000,
  minDelayMs: 100,
  maxRetryAfterMs: 120_000,
  giveUpAfterMs: 24 * 60 * 60_000,
  giveUpAfterFailures: 20,
};

/**
 * The delay after the `failures`-th failure in a row (from 1), in milliseconds: exponential with
 * full jitter, and never less than what `Retry-After` asks for.
 * @param random from 0 to below 1
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffDelayMs(
  failures: number,
  random: () => number,
  retryAfterMs: number | null = null,
  policy: BackoffPolicy = DEFAULT_BACKOFF,
): number {
  // 2^30 is beyond every cap; a larger exponent would end in Infinity × 0.
  const ceiling = Math.min(
    policy.maxDelayMs,
    policy.baseDelayMs * 2 ** Math.min(30, Math.max(0, failures - 1)),
  );
  const delayMs = Math.max(policy.minDelayMs, Math.round(random() * ceiling));
  return Math.max(delayMs, Math.min(retryAfterMs ?? 0, policy.maxRetryAfterMs));
}

/** Whether patience is at its end after `failures` failures, the first of them `elapsedMs` ago. */
export function isPatienceOver(
  failures: number,
  elapsedMs: number,
  policy: BackoffPolicy = DEFAULT_BACKOFF,
): boolean {
  return failures >= policy.giveUpAfterFailures && elapsedMs >= policy.giveUpAfterMs;
}

/**
 * `Retry-After` in milliseconds from `nowMs` (milliseconds since 1970); `null` where it is absent or no date.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function parseRetryAfterMs(value: string | null, nowMs: number): number | null {
  const text = value?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = text === "" ? Number.NaN : Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/** What a failure says about itself. */
export interface Retryability {
  readonly mayRetry: boolean;
  readonly retryAfterMs?: number | null;
}

/** One failure that will be followed by another try. */
export interface RetryNotice {
  readonly error: unknown;
  /** Failures so far, from 1. */
  readonly failures: number;
  readonly delayMs: number;
}

/** What `retry` needs from outside. */
export interface RetryOptions {
  readonly signal: AbortSignal;
  readonly random: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits, and rejects with the signal's reason when it is aborted. */
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly judge: (error: unknown) => Retryability;
  readonly onRetry?: (notice: RetryNotice) => void;
  readonly policy?: BackoffPolicy;
}

/**
 * Repeats `operation` until it succeeds, fails for good, or patience is over.
 * @throws the last failure, or the signal's reason
 */
export async function retry<T>(operation: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, now, judge, policy = DEFAULT_BACKOFF } = options;
  let firstFailedAt: number | null = null;
  for (let failures = 1; ; failures += 1) {
    signal.throwIfAborted();
    try {
      return await operation();
    } catch (error) {
      signal.throwIfAborted();
      const { mayRetry, retryAfterMs = null } = judge(error);
      firstFailedAt ??= now();
      if (!mayRetry || isPatienceOver(failures, now() - firstFailedAt, policy)) throw error;
      const delayMs = backoffDelayMs(failures, options.random, retryAfterMs, policy);
      options.onRetry?.({ error, failures, delayMs });
      await options.wait(delayMs, signal);
    }
  }
}
