/** Starts a request when called, and never rejects. */
export type Send = () => Promise<void>;

/**
 * A bounded number of requests, shared fairly between lanes: all single requests together are one,
 * the parts of each file another.
 */
export class Pool<Lane extends object> {
  readonly #limit: () => number;
  readonly #onFree: () => void;
  readonly #underWay = new Map<Lane, number>();
  readonly #servedAt = new WeakMap<Lane, number>();
  #serving = 0;
  #total = 0;

  /**
   * @param limit asked anew each time, at least 1
   * @param onFree called whenever a request has ended
   */
  constructor(limit: () => number, onFree: () => void) {
    this.#limit = limit;
    this.#onFree = onFree;
  }

  get underWayCount(): number {
    return this.#total;
  }

  get isFull(): boolean {
    return this.#total >= this.#limit();
  }

  /**
   * Starts requests until the pool is full or no lane has one. The lane with the fewest under way
   * comes first, then the one that was served longest ago: turns alone would let a lane of large
   * parts crowd out one of small files.
   * @param nextOf the next request of a lane that may leave now
   */
  startWhatMay(lanes: readonly Lane[], nextOf: (lane: Lane) => Send | null): void {
    while (!this.isFull) {
      const start = this.#first(lanes, nextOf);
      if (!start) return;
      const [lane, send] = start;
      this.#enter(lane);
      void send().finally(() => this.#leave(lane));
    }
  }

  #first(lanes: readonly Lane[], nextOf: (lane: Lane) => Send | null): [Lane, Send] | null {
    const inTurn = lanes.toSorted(
      (a, b) => this.#load(a) - this.#load(b) || this.#age(a) - this.#age(b),
    );
    for (const lane of inTurn) {
      const send = nextOf(lane);
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
