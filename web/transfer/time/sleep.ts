import type { Clock } from "./clock.ts";

/** Waiting that can be cut short for everybody: the network is back, or a person says "now". */
export interface Sleep {
  /**
   * Resolves after `delayMs` or at the next `wakeAll`.
   * @throws the signal's reason when it is aborted
   */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
  wakeAll(): void;
}

/** Sleep by `clock`. */
export function createSleep(clock: Clock): Sleep {
  const wakes = new Set<() => void>();
  return {
    sleep: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        const end = (settle: () => void) => {
          unschedule();
          wakes.delete(wake);
          signal.removeEventListener("abort", stop);
          settle();
        };
        const wake = () => end(resolve);
        const stop = () => end(() => reject(signal.reason));
        const unschedule = clock.schedule(wake, delayMs);
        wakes.add(wake);
        signal.addEventListener("abort", stop);
      }),
    wakeAll() {
      for (const wake of wakes) wake();
    },
  };
}
