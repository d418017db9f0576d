/** Holds the screen awake, and with it most laptops, while it is wanted and something goes on. */
export class WakeLock {
  #isWanted = false;
  #isActive = false;
  #held: Promise<WakeLockSentinel | null> | null = null;

  want(isWanted: boolean): void {
    this.#isWanted = isWanted;
    this.#update();
  }

  setActive(isActive: boolean): void {
    if (isActive === this.#isActive) return;
    this.#isActive = isActive;
    this.#update();
  }

  #update(): void {
    const isNeeded = this.#isWanted && this.#isActive;
    if (isNeeded && this.#held === null) this.#take();
    if (!isNeeded && this.#held !== null) this.#giveBack();
  }

  #take(): void {
    if (typeof document === "undefined" || !("wakeLock" in navigator)) return;
    document.addEventListener("visibilitychange", this.#again);
    this.#held = request();
  }

  #giveBack(): void {
    document.removeEventListener("visibilitychange", this.#again);
    void this.#held?.then((sentinel) => sentinel?.release());
    this.#held = null;
  }

  /** A browser takes it away whenever the page is hidden. */
  readonly #again = (): void => {
    if (document.visibilityState === "visible") this.#held = request();
  };
}

/** Refused on a low battery and for hidden pages: then the screen sleeps, and the upload waits. */
function request(): Promise<WakeLockSentinel | null> {
  return navigator.wakeLock.request("screen").catch(() => null);
}
