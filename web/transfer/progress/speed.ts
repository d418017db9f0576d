/** What is remembered of past bytes: a sum in which they count less the older they are. */
export interface Speed {
  /** Milliseconds since 1970 at which measuring began. */
  readonly since: number;
  /** When `weightedBytes` was last brought up to date, in milliseconds since 1970. */
  readonly updatedAt: number;
  readonly weightedBytes: number;
}

/** Bytes count for about this long, in milliseconds: shown as the speed. */
export const SPEED_WINDOW_MS = 5_000;

/** The time left stands on a longer memory, in milliseconds, so that it does not jump. */
export const TIME_LEFT_WINDOW_MS = 20_000;

/** Below this the first burst into the socket's buffer would look like the line's speed. */
const SHORTEST_MEASURE_MS = 1_000;

/** Measuring begins. */
export function startSpeed(now: number): Speed {
  return { since: now, updatedAt: now, weightedBytes: 0 };
}

/** Counts `bytes` that moved just now; a clock that was set back counts as one that stood still. */
export function recordBytes(speed: Speed, bytes: number, now: number, windowMs: number): Speed {
  const at = Math.max(now, speed.updatedAt);
  const weightedBytes = speed.weightedBytes * decay(at - speed.updatedAt, windowMs) + bytes;
  return { since: speed.since, updatedAt: at, weightedBytes };
}

/**
 * An exponentially weighted moving average over time, in bytes a second. It is divided by the
 * weight that the time since the start can have, so that it is right from the first second on.
 */
export function bytesPerSecond(speed: Speed, now: number, windowMs: number): number {
  const at = Math.max(now, speed.updatedAt);
  const measuredMs = Math.max(at - speed.since, SHORTEST_MEASURE_MS);
  const weightMs = windowMs * (1 - decay(measuredMs, windowMs));
  return ((speed.weightedBytes * decay(at - speed.updatedAt, windowMs)) / weightMs) * 1000;
}

/** Whole seconds until `bytesLeft` are sent; `null` while that would be a guess or beyond a month. */
export function secondsLeft(bytesLeft: number, rate: number): number | null {
  if (bytesLeft <= 0) return 0;
  const seconds = Math.ceil(bytesLeft / rate);
  return seconds <= 30 * 24 * 3600 ? seconds : null;
}

function decay(elapsedMs: number, windowMs: number): number {
  return Math.exp(-elapsedMs / windowMs);
}
