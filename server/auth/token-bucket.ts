import { LRUCache } from "lru-cache";

/** How much of something may happen. */
export interface BucketSize {
  /** As often in the long run. */
  readonly perSecond: number;
  /** As often at once after a pause. */
  readonly burst: number;
}

/** How many callers are remembered; whoever was not seen for longest is forgotten, and may begin anew. */
const MAX_CALLERS = 20_000;

/** Who may ask how often. Behind this a cache that replicas share can stand. */
export interface RateLimiter {
  /** Takes one of the caller's tokens. @returns 0, or after how many milliseconds there will be one */
  take(caller: string): Promise<number>;
}

/** Counts in this process alone; a caller costs some 200 bytes. */
export function createMemoryRateLimiter(
  { perSecond, burst }: BucketSize,
  nowMs: () => number = Date.now,
): RateLimiter {
  const buckets = new LRUCache<string, { readonly tokens: number; readonly atMs: number }>({
    max: MAX_CALLERS,
  });
  return {
    async take(caller) {
      const atMs = nowMs();
      const { tokens, atMs: beforeMs } = buckets.get(caller) ?? { tokens: burst, atMs };
      const passedSeconds = Math.max(0, atMs - beforeMs) / 1000;
      const filled = Math.min(burst, tokens + passedSeconds * perSecond);
      const isThere = filled >= 1;
      buckets.set(caller, { tokens: isThere ? filled - 1 : filled, atMs });
      return isThere ? 0 : Math.ceil(((1 - filled) / perSecond) * 1000);
    },
  };
}
