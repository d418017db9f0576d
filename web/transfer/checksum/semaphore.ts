/** Waits for a place, first come first served, and answers how to give it back. */
export type Acquire = (signal: AbortSignal) => Promise<() => void>;

/** A counting semaphore: at most `limit` places are taken at once. */
export function createSemaphore(limit: number): Acquire {
  const waiting = new Set<() => void>();
  let takenCount = 0;

  function release(): void {
    takenCount -= 1;
    for (const admit of waiting) return admit();
  }

  return (signal) =>
    new Promise((resolve, reject) => {
      function leaveLine(): void {
        waiting.delete(admit);
        signal.removeEventListener("abort", giveUp);
      }
      function admit(): void {
        leaveLine();
        takenCount += 1;
        resolve(release);
      }
      function giveUp(): void {
        leaveLine();
        reject(signal.reason);
      }
      if (signal.aborted) return reject(signal.reason);
      if (takenCount < limit) return admit();
      waiting.add(admit);
      signal.addEventListener("abort", giveUp);
    });
}
