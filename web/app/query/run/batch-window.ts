/** How many batches are on their way to somebody who takes them one by one. */
export interface BatchWindow {
  sent(): void;
  taken(): void;
  /**
   * Waits until one more may be sent.
   * @throws the signal's reason
   */
  room(signal: AbortSignal): Promise<void>;
}

/** Lets so many batches be under way at once, for one sender. */
export function createBatchWindow(mostBatches: number): BatchWindow {
  let underWay = 0;
  let proceed: (() => void) | null = null;
  return {
    sent: () => void (underWay += 1),
    taken() {
      underWay -= 1;
      if (underWay < mostBatches) proceed?.();
    },
    async room(signal) {
      signal.throwIfAborted();
      if (underWay < mostBatches) return;
      await new Promise<void>((resolve) => {
        const goOn = () => {
          proceed = null;
          signal.removeEventListener("abort", goOn);
          resolve();
        };
        proceed = goOn;
        signal.addEventListener("abort", goOn);
      });
      signal.throwIfAborted();
    },
  };
}
