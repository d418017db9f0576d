import type { Clock } from "../time/clock.ts";

/** A request whose bytes stand still this long, in milliseconds, is sent again. */
const STALL_AFTER_MS = 30_000;

/** The same while the browser says that there is no network, or just after the machine woke. */
const STALL_AFTER_LOSS_MS = 5_000;

/** Where others move on while this one does not, at least this long, in milliseconds. */
const STALL_BESIDE_OTHERS_MS = 4_000;

/** A browser counts bytes as sent that may still lie in the system's buffer: so many at most. */
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

/** A line may need longer than the first limit to empty the socket's buffer: it doubles up to this. */
const MOST_DOUBLINGS = 3;

const LOOK_EVERY_MS = 1_000;

/** What decides how long a request may stand still. */
export interface Standing {
  /** Time-outs of the same part so far. */
  readonly stalls: number;
  /** There is no network, or the machine slept since the request left. */
  readonly isLineLost: boolean;
  /** Bytes of other requests move meanwhile. */
  readonly othersMove: boolean;
  /** Of one connection; null before anything was measured. */
  readonly bytesPerSecond: number | null;
}

/** Looks after one request. */
export interface StallWatch {
  moved(): void;
  stop(): void;
}

/** How long a request may stand still, in milliseconds. */
export function stallLimitMs(standing: Standing): number {
  const { stalls, isLineLost, othersMove, bytesPerSecond } = standing;
  if (isLineLost) return STALL_AFTER_LOSS_MS;
  const doubled = 2 ** Math.min(stalls, MOST_DOUBLINGS);
  if (!othersMove || bytesPerSecond === null) return STALL_AFTER_MS * doubled;
  const drainMs = (SOCKET_BUFFER_BYTES / Math.max(1, bytesPerSecond)) * 1000;
  const besideOthers = Math.max(STALL_BESIDE_OTHERS_MS, 2 * drainMs);
  return Math.min(STALL_AFTER_MS, besideOthers) * doubled;
}

/** Calls `onStall` once when nothing has moved for `limitMs()`, which is asked anew at every look. */
export function watchStall(clock: Clock, limitMs: () => number, onStall: () => void): StallWatch {
  let movedAt = clock.now();
  const look = () => {
    if (clock.now() - movedAt >= limitMs()) onStall();
    else unschedule = clock.schedule(look, LOOK_EVERY_MS);
  };
  let unschedule = clock.schedule(look, LOOK_EVERY_MS);
  return {
    moved: () => {
      movedAt = clock.now();
    },
    stop: () => unschedule(),
  };
}
