import { DEFAULT_BACKOFF, retry } from "../../shared/retry.ts";
import { judgeFailure, type SharedWork } from "./shared-work.ts";

/** Whoever cancels does not wait longer than about this for a storage that is away, in milliseconds. */
const PATIENCE_MS = 2 * 60_000;

/**
 * Aborts an upload in the storage, as well as can be done: what stays behind is for the bucket's
 * lifecycle rule. Never rejects.
 */
export async function giveBack(id: string, work: SharedWork): Promise<void> {
  const policy = { ...DEFAULT_BACKOFF, giveUpAfterMs: PATIENCE_MS, giveUpAfterFailures: 5 };
  try {
    await retry(() => work.api.abort(id, work.signal), {
      signal: work.signal,
      random: work.random,
      now: () => work.clock.now(),
      wait: (delayMs, signal) => work.sleep.sleep(delayMs, signal),
      judge: judgeFailure,
      policy,
    });
  } catch {
    // Gone already, closed, or out of reach: nobody is left who could do more.
  }
}
