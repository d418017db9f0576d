/** Bytes leave one after another at a bounded rate; all times are milliseconds of one clock. */
export interface Rate {
  /** When the last of `sizeBytes` has left, if they are handed over at `nowMs`. */
  leaveAt(sizeBytes: number, nowMs: number): number;
}

/** A sender that was kept waiting by a busy processor makes up for this much, in milliseconds. */
const CATCH_UP_MS = 20;

/**
 * A virtual clock: no timer is late in it.
 * @param bytesPerSecond read at every call; `Infinity` lets everything through at once
 */
export function createRate(bytesPerSecond: () => number): Rate {
  let freeAtMs = -Infinity;
  return {
    leaveAt(sizeBytes, nowMs) {
      const rate = bytesPerSecond();
      if (rate === Infinity) {
        freeAtMs = -Infinity;
        return nowMs;
      }
      freeAtMs = Math.max(freeAtMs, nowMs - CATCH_UP_MS) + (sizeBytes * 1000) / rate;
      return Math.max(freeAtMs, nowMs);
    },
  };
}
