import type { Clock } from "../time/clock.ts";

/**
 * The first look at a file's size asks the disk: so long at once, in milliseconds, that a page with
 * thousands of them still answers its person.
 */
const MOMENT_MS = 8;

/** Files on their way into the queue, a moment's worth at a time and in order. */
export class Arrivals {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, () => void>();
  #momentBegan = -Infinity;
  #unschedule: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Has `enter` called now, or in one of the next moments where this one is over. */
  add(id: string, enter: () => void): void {
    if (this.#waiting.size === 0 && this.#hasTime()) enter();
    else this.#waiting.set(id, enter);
    if (this.#waiting.size > 0) this.#unschedule ??= this.#clock.schedule(() => this.#go(), 0);
  }

  /** Those that have not entered yet. */
  get ids(): Iterable<string> {
    return this.#waiting.keys();
  }

  /** Has `act` called as soon as it has entered, which may be now. */
  afterwards(id: string, act: () => void): void {
    const enter = this.#waiting.get(id);
    if (enter === undefined) return act();
    this.#waiting.set(id, () => {
      enter();
      act();
    });
  }

  forget(id: string): void {
    this.#waiting.delete(id);
  }

  clear(): void {
    this.#waiting.clear();
    this.#unschedule?.();
    this.#unschedule = null;
  }

  #go(): void {
    this.#unschedule = null;
    this.#momentBegan = this.#clock.now();
    for (const [id, enter] of this.#waiting) {
      this.#waiting.delete(id);
      enter();
      if (!this.#hasTime()) break;
    }
    if (this.#waiting.size > 0) this.#unschedule = this.#clock.schedule(() => this.#go(), 0);
  }

  /** A moment that nobody used for long begins anew. */
  #hasTime(): boolean {
    const now = this.#clock.now();
    if (now - this.#momentBegan > 10 * MOMENT_MS) this.#momentBegan = now;
    return now - this.#momentBegan <= MOMENT_MS;
  }
}
