import type { Clock } from "./clock.ts";

const LOOK_EVERY_MS = 10_000;

/** Browsers hold timers of hidden pages back for up to a minute: only more than this is sleep. */
const SLEPT_FROM_MS = 90_000;

/** How long a sleep is told of after waking, in milliseconds. */
const TOLD_FOR_MS = 60_000;

/** Notices that the machine slept: a timer comes much later than it was set for. */
export class SleepWatch {
  readonly #clock: Clock;
  readonly #onWake: () => void;
  #unschedule: (() => void) | null = null;
  #lookedAt = 0;
  #last: { readonly sleptMs: number; readonly wokeAt: number } | null = null;

  constructor(clock: Clock, onWake: () => void) {
    this.#clock = clock;
    this.#onWake = onWake;
  }

  /** Looks on, or stops; doing so again changes nothing. */
  watch(isWanted: boolean): void {
    if (!isWanted) this.stop();
    else if (this.#unschedule === null) this.#look();
  }

  stop(): void {
    this.#unschedule?.();
    this.#unschedule = null;
  }

  /** How long the machine slept, if it woke within the last minute; in milliseconds. */
  sleptMs(now: number): number | null {
    return this.#last && now - this.#last.wokeAt < TOLD_FOR_MS ? this.#last.sleptMs : null;
  }

  #look(): void {
    this.#lookedAt = this.#clock.now();
    this.#unschedule = this.#clock.schedule(() => {
      const now = this.#clock.now();
      const lateMs = now - this.#lookedAt - LOOK_EVERY_MS;
      if (lateMs > SLEPT_FROM_MS) {
        this.#last = { sleptMs: lateMs, wokeAt: now };
        this.#onWake();
      }
      if (this.#unschedule !== null) this.#look();
    }, LOOK_EVERY_MS);
  }
}
