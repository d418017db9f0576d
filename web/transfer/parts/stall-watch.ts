import type { Clock } from "../time/clock.ts";

/** A request whose bytes stand still this long, in milliseconds, is sent again. */
const STALL_AFTER_MS = 30_000;

/** The same while the browser says that there is no network. */
const STALL_AFTER_OFFLINE_MS = 5_000;

/** A line may need longer than the first limit to empty the socket's buffer: it doubles up to this. */
const MOST_DOUBLINGS = 3;

const LOOK_EVERY_MS = 5_000;

/** Looks after one request. */
export interface StallWatch {
  moved(): void;
  stop(): void;
}

/** How long a request may stand still, in milliseconds, after `stalls` time-outs of the same part. */
export function stallLimitMs(stalls: number, isOnline: boolean): number {
  if (!isOnline) return STALL_AFTER_OFFLINE_MS;
  return STALL_AFTER_MS * 2 ** Math.min(stalls, MOST_DOUBLINGS);
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
