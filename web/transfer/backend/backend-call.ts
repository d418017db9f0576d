import { retry, type BackoffPolicy, type RetryNotice } from "../../../shared/retry.ts";
import { toTransferError } from "../problem.ts";
import type { SharedWork } from "../shared-work.ts";

/** What may be different from one call to another. */
export interface CallOptions {
  /** Ends the waiting between tries; the uploader's own unless told. */
  readonly signal?: AbortSignal;
  /** Hears of each failure that will be followed by another try. */
  readonly onRetry?: (notice: RetryNotice) => void;
  /** Hears that a wait is over and the next try begins. */
  readonly onResume?: () => void;
  readonly policy?: BackoffPolicy;
}

/**
 * Asks the backend until it answers: the one place where its calls are sent again.
 * @throws the last failure, or the signal's reason
 */
export function callBackend<T>(
  call: () => Promise<T>,
  work: SharedWork,
  { signal = work.signal, onRetry, onResume, policy }: CallOptions = {},
): Promise<T> {
  return retry(call, {
    signal,
    random: work.random,
    now: () => work.clock.now(),
    judge: (error) => {
      const { remedy, facts } = toTransferError(error);
      return { mayRetry: remedy === "retry", retryAfterMs: facts.retryAfterMs ?? null };
    },
    wait: async (delayMs, waiting) => {
      await work.sleep.sleep(delayMs, waiting);
      onResume?.();
    },
    ...(onRetry && { onRetry }),
    ...(policy && { policy }),
  });
}
