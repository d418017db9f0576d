import type { Clock } from "../../../../web/transfer/time/clock.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that a test turns by hand. */
export interface FakeClock extends Clock {
  /** Lets `ms` go by: timers run in order, and what they start comes to rest in between. */
  advance(ms: number): Promise<void>;
  /** The machine sleeps: time goes by, and no timer runs. */
  jump(ms: number): void;
  readonly timerCount: number;
}

export function createFakeClock(start = 1_800_000_000_000): FakeClock {
  let now = start;
  const timers = new Set<Timer>();
  const nextDue = (until: number) =>
    [...timers].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    schedule(callback, delayMs) {
      const timer = { at: now + delayMs, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const until = now + ms;
      await rest();
      for (let timer = nextDue(until); timer; timer = nextDue(until)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.callback();
        await rest();
      }
      now = until;
    },
    jump(ms) {
      now += ms;
    },
    get timerCount() {
      return timers.size;
    },
  };
}

/** Until promises and reads of blobs (which take turns of the event loop) have come to rest. */
export async function rest(turns = 3): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
