import { isProblemCode, PROBLEMS } from "../../../../shared/problem.ts";
import { retry, type BackoffPolicy, type RetryNotice } from "../../../../shared/retry.ts";
import { BackendError } from "../../backend.ts";

/** Somebody sits in front of it: patience ends after some minutes, and a button asks again. */
const POLICY: BackoffPolicy = {
  baseDelayMs: 500,
  maxDelayMs: 15_000,
  minDelayMs: 200,
  maxRetryAfterMs: 60_000,
  giveUpAfterMs: 3 * 60_000,
  giveUpAfterFailures: 6,
};

/** What waiting works with. */
export interface WaitPorts {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Waits, and rejects with the signal's reason when it is aborted. */
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/** Whether the same request may well be answered later. */
export function isPassing(code: string): boolean {
  if (code === "server-unreachable") return true;
  return isProblemCode(code) && PROBLEMS[code].retry;
}

/** Whether the server no longer lets this person in. */
export function isShutOut(code: string): boolean {
  return code === "unauthorized" || code === "forbidden";
}

/**
 * Asks again while what stands in the way may pass, for some minutes.
 * @throws BackendError; the signal's reason
 */
export function tryAgain<T>(
  ask: () => Promise<T>,
  signal: AbortSignal,
  { now, random, wait }: WaitPorts,
  onRetry: (notice: RetryNotice) => void = () => undefined,
): Promise<T> {
  const judge = (error: unknown) => ({
    mayRetry: error instanceof BackendError && isPassing(error.code),
  });
  return retry(ask, { signal, now, random, wait, judge, onRetry, policy: POLICY });
}

/** The browser's own clock and dice. */
export const browserWaits: WaitPorts = {
  now: Date.now,
  random: Math.random,
  wait: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal.reason instanceof Error ? signal.reason : new Error("Stopped"));
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      }, delayMs);
      signal.addEventListener("abort", onAbort, { once: true });
    }),
};
