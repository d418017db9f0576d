import { LRUCache } from "lru-cache";
import { ProblemError } from "../../shared/problem.ts";

/** A person mistypes so often without waiting. */
const FREE_ATTEMPTS = 5;

/** What the first wait is; each further one is twice as long, up to the longest; in milliseconds. */
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 15 * 60_000;

/** After so long without an attempt an address begins anew, in milliseconds. */
const FORGIVEN_AFTER_MS = 60 * 60_000;

/**
 * Wrong passwords of all addresses together: so many at once, and one more in each interval. Those from which
 * somebody has signed in have their own limit alone.
 */
const MAX_OF_ALL = 100;
const INTERVAL_OF_ALL_MS = 5000;

/** How many addresses are remembered; those together are held by the limit of all. */
const MAX_ADDRESSES = 10_000;

/** Counts who tries passwords. */
export interface Attempts {
  /** Counts an attempt as a failed one. @throws ProblemError `rate-limited`, saying when to come back */
  begin(address: string): void;
  /** The attempt was none of a guesser. */
  succeed(address: string): void;
}

/** Counts in this process alone. */
export function createAttempts(nowMs: () => number = Date.now): Attempts {
  const failed = new LRUCache<string, { readonly count: number; readonly atMs: number }>({
    max: MAX_ADDRESSES,
  });
  // Guessers of many addresses must not keep out whoever was here before.
  const known = new LRUCache<string, true>({ max: MAX_ADDRESSES });
  let ofAll = { count: 0, atMs: nowMs() };
  const countOfAll = (now: number) =>
    Math.max(0, ofAll.count - (now - ofAll.atMs) / INTERVAL_OF_ALL_MS);
  return {
    begin(address) {
      const now = nowMs();
      const { count = 0, atMs = now } = failed.get(address) ?? {};
      const isForgiven = now - atMs > FORGIVEN_AFTER_MS;
      if (!isForgiven) requirePatience(atMs + waitAfter(count) - now, "from your address");
      const all = countOfAll(now);
      const ofAllMs = (all + 1 - MAX_OF_ALL) * INTERVAL_OF_ALL_MS;
      if (!known.has(address)) requirePatience(ofAllMs, "altogether");
      failed.set(address, { count: isForgiven ? 1 : count + 1, atMs: now });
      ofAll = { count: all + 1, atMs: now };
    },
    succeed(address) {
      failed.delete(address);
      known.set(address, true);
      const now = nowMs();
      ofAll = { count: Math.max(0, countOfAll(now) - 1), atMs: now };
    },
  };
}

function waitAfter(count: number): number {
  if (count < FREE_ATTEMPTS) return 0;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (count - FREE_ATTEMPTS));
}

function requirePatience(waitMs: number, whose: string): void {
  if (waitMs <= 0) return;
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  throw new ProblemError(
    "rate-limited",
    `Too many wrong passwords ${whose}: try again in ${retryAfterSeconds} s.`,
    { retryAfterSeconds },
  );
}
