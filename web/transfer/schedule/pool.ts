/** A stream of requests to the storage: all single requests together, or the parts of one file. */
export interface Lane {
  /** The next request that may leave now; starts it when called, and never rejects. */
  next(now: number): (() => Promise<void>) | null;
}

/** A bounded number of requests, shared fairly between lanes. */
export class Pool {
  readonly #limit: number;
  readonly #onFree: () => void;
  readonly #underWay = new Map<Lane, number>();
  readonly #servedAt = new WeakMap<Lane, number>();
  #serving = 0;
  #total = 0;

  /** @param onFree called whenever a request has ended */
  constructor(limit: number, onFree: () => void) {
    this.#limit = Math.max(1, limit);
    this.#onFree = onFree;
  }

  get underWayCount(): number {
    return this.#total;
  }

  /**
   * Starts requests until the pool is full or no lane has one. The lane with the fewest under way
   * comes first, then the one that was served longest ago: turns alone would let a lane of large
   * parts crowd out one of small files.
   */
  startWhatMay(lanes: readonly Lane[], now: number): void {
    while (this.#total < this.#limit) {
      const start = this.#nextOf(lanes, now);
      if (!start) return;
      const [lane, send] = start;
      this.#enter(lane);
      void send().finally(() => this.#leave(lane));
    }
  }

  #nextOf(lanes: readonly Lane[], now: number): [Lane, () => Promise<void>] | null {
    const inTurn = lanes.toSorted(
      (a, b) => this.#load(a) - this.#load(b) || this.#age(a) - this.#age(b),
    );
    for (const lane of inTurn) {
      const send = lane.next(now);
      if (send) return [lane, send];
    }
    return null;
  }

  #load(lane: Lane): number {
    return this.#underWay.get(lane) ?? 0;
  }

  #age(lane: Lane): number {
    return this.#servedAt.get(lane) ?? 0;
  }

  #enter(lane: Lane): void {
    this.#total += 1;
    this.#serving += 1;
    this.#underWay.set(lane, this.#load(lane) + 1);
    this.#servedAt.set(lane, this.#serving);
  }

  #leave(lane: Lane): void {
    this.#total -= 1;
    const left = this.#load(lane) - 1;
    if (left > 0) this.#underWay.set(lane, left);
    else this.#underWay.delete(lane);
    this.#onFree();
  }
}
