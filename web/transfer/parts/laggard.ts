/** One request that carries a part; times in milliseconds since 1970. */
export interface Delivery {
  readonly partNumber: number;
  readonly url: string;
  readonly sizeBytes: number;
  readonly startedAt: number;
  /** As far as the browser tells. */
  readonly sentBytes: number;
  /** When `sentBytes` last grew. */
  readonly movedAt: number;
}

/** Preflight and answer, in milliseconds: what a second request costs beside its bytes. */
const REQUEST_OVERHEAD_MS = 300;

/** A second request has to promise this many times less waiting than the first. */
const WORTH_FACTOR = 2;

/** Below this, waiting is cheaper than sending again; in milliseconds. */
const WORTH_WAITING_MS = 1_000;

/** A request that has not moved for so long may as well never move, in milliseconds. */
const STANDS_STILL_MS = 2_000;

/**
 * How many milliseconds a second request for the same part would save; 0 where it would not be
 * worth its bytes.
 * @param bytesPerSecond of one connection, by parts that arrived
 */
export function savedByHedgeMs(delivery: Delivery, bytesPerSecond: number, now: number): number {
  const againMs = (delivery.sizeBytes / bytesPerSecond) * 1000 + REQUEST_OVERHEAD_MS;
  const remainingMs = expectedRemainingMs(delivery, bytesPerSecond, now);
  if (remainingMs < WORTH_WAITING_MS || remainingMs < againMs * WORTH_FACTOR) return 0;
  return remainingMs - againMs;
}

function expectedRemainingMs(delivery: Delivery, bytesPerSecond: number, now: number): number {
  const { sizeBytes, sentBytes, startedAt, movedAt } = delivery;
  const elapsedMs = now - startedAt;
  const expectedMs = (sizeBytes / bytesPerSecond) * 1000 + REQUEST_OVERHEAD_MS;
  // All has left for the socket, or not a byte moves: only how late it is already can tell.
  if (sentBytes >= sizeBytes || now - movedAt > STANDS_STILL_MS) {
    return elapsedMs > expectedMs + STANDS_STILL_MS ? elapsedMs * WORTH_FACTOR : 0;
  }
  if (sentBytes === 0 || elapsedMs < WORTH_WAITING_MS) return 0;
  return ((sizeBytes - sentBytes) / sentBytes) * elapsedMs;
}
