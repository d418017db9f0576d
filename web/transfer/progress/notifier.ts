import type { Clock } from "../time/clock.ts";

/** Progress is told at most this often, in milliseconds. */
const PROGRESS_INTERVAL_MS = 125;

/** Told of what changed. */
export type Listener = (changedIds: ReadonlySet<string>) => void;

/** Gathers what changed: states are told in a microtask, progress a few times a second. */
export class Notifier {
  readonly #clock: Clock;
  readonly #listeners = new Set<Listener>();
  #changedIds = new Set<string>();
  #isMicrotaskDue = false;
  #unschedule: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  subscribe(listener: Listener): () => void {
    // A function of its own each time, so that the same listener may subscribe twice.
    const own: Listener = (changedIds) => listener(changedIds);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  stateChanged(id: string): void {
    this.#changedIds.add(id);
    if (this.#isMicrotaskDue) return;
    this.#isMicrotaskDue = true;
    queueMicrotask(() => this.#flush());
  }

  progressed(id: string): void {
    this.#changedIds.add(id);
    this.#unschedule ??= this.#clock.schedule(() => this.#flush(), PROGRESS_INTERVAL_MS);
  }

  close(): void {
    this.#unschedule?.();
    this.#unschedule = null;
    this.#listeners.clear();
  }

  #flush(): void {
    this.#unschedule?.();
    this.#unschedule = null;
    this.#isMicrotaskDue = false;
    const changedIds = this.#changedIds;
    if (changedIds.size === 0) return;
    this.#changedIds = new Set();
    // In a microtask each: a listener that throws harms nobody else.
    for (const listener of this.#listeners) queueMicrotask(() => listener(changedIds));
  }
}
