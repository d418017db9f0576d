import {
  bytesPerSecond,
  recordBytes,
  secondsLeft,
  SPEED_WINDOW_MS,
  startSpeed,
  TIME_LEFT_WINDOW_MS,
  type Speed,
} from "./speed.ts";

/** Measures what moves: a quick memory for the speed, a slow one for the time left. */
export class Progress {
  #quick: Speed | null = null;
  #slow: Speed | null = null;

  moved(bytes: number, now: number): void {
    this.#quick = recordBytes(this.#quick ?? startSpeed(now), bytes, now, SPEED_WINDOW_MS);
    this.#slow = recordBytes(this.#slow ?? startSpeed(now), bytes, now, TIME_LEFT_WINDOW_MS);
  }

  /** What moved before a standstill says nothing about what comes after. */
  reset(): void {
    this.#quick = null;
    this.#slow = null;
  }

  bytesPerSecond(now: number): number {
    return this.#quick ? Math.round(bytesPerSecond(this.#quick, now, SPEED_WINDOW_MS)) : 0;
  }

  /** Whole seconds until `bytesLeft` are sent; `null` while that cannot be said. */
  secondsLeft(bytesLeft: number, now: number): number | null {
    const rate = this.#slow ? bytesPerSecond(this.#slow, now, TIME_LEFT_WINDOW_MS) : 0;
    return secondsLeft(bytesLeft, rate);
  }
}
