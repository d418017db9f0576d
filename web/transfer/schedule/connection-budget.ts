/** How many requests may be under way at once, and by what it moves. */
export interface BudgetLimits {
  readonly initial: number;
  /** What the browser can open to all origins, asked anew each time. */
  readonly most: () => number;
}

/** Goodput is judged over at least this long, in milliseconds. */
const EPOCH_MS = 1_000;

/** A raise has to gain this much to be kept. */
const WORTHWHILE_GAIN = 1.05;

/** Epochs that a raise in vain is not tried again: doubled each time, up to the second figure. */
const REST_EPOCHS = 8;
const LONGEST_REST_EPOCHS = 64;

/** After the storage or the line asked for less, nothing is raised for this long, in milliseconds. */
const QUIET_MS = 3_000;

const THROTTLED_FACTOR = 0.7;
const TIMED_OUT_FACTOR = 0.75;

/**
 * Finds how many connections serve best: more while goodput grows, fewer where the storage asks for
 * it or requests time out. Times in milliseconds since 1970.
 */
export class ConnectionBudget {
  readonly #most: () => number;
  #limit: number;
  /** What served before the last cut: gone back to step by step, without asking what each gains. */
  #proven: number;
  #epochStart: number | null = null;
  #epochBytes = 0;
  #epochWasFull = false;
  /** Goodput before the last raise, in bytes a millisecond; null where nothing is being tried. */
  #before: number | null = null;
  #restEpochs = 0;
  #nextRest = REST_EPOCHS;
  #quietUntil = 0;
  /** The last cut; failures of requests that left before it are the same news. */
  #cutAt = 0;

  constructor({ initial, most }: BudgetLimits) {
    this.#limit = Math.max(1, initial);
    this.#proven = this.#limit;
    this.#most = most;
  }

  get limit(): number {
    return Math.max(1, Math.min(Math.floor(this.#limit), this.#most()));
  }

  /** So many bytes moved; `isFull` where every connection of the budget was in use. */
  moved(bytes: number, isFull: boolean, now: number): void {
    this.#epochStart ??= now;
    this.#epochBytes += bytes;
    this.#epochWasFull ||= isFull;
    const elapsedMs = now - this.#epochStart;
    if (elapsedMs < EPOCH_MS) return;
    if (this.#epochWasFull) this.#judge(this.#epochBytes / elapsedMs, now);
    this.#startEpoch(now);
  }

  /** The storage asks for less; `startedAt` is when the request left that it answered so. */
  throttled(startedAt: number, now: number): void {
    this.#cut(THROTTLED_FACTOR, startedAt, now);
  }

  /** A request stood still until it was given up. */
  timedOut(startedAt: number, now: number): void {
    this.#cut(TIMED_OUT_FACTOR, startedAt, now);
  }

  /** Nothing moves: what comes next is measured afresh. */
  rest(): void {
    this.#epochStart = null;
    this.#epochBytes = 0;
    this.#epochWasFull = false;
    this.#before = null;
  }

  #judge(goodput: number, now: number): void {
    const before = this.#before;
    this.#before = null;
    if (before !== null && goodput < before * WORTHWHILE_GAIN) {
      this.#limit = Math.max(1, this.limit - stepOf(this.limit));
      this.#restEpochs = this.#nextRest;
      this.#nextRest = Math.min(LONGEST_REST_EPOCHS, this.#nextRest * 2);
      return;
    }
    if (now < this.#quietUntil || this.limit >= this.#most()) return;
    if (this.limit < this.#proven) {
      this.#limit = this.limit + 1;
    } else if (this.#restEpochs > 0) {
      this.#restEpochs -= 1;
    } else {
      this.#before = goodput;
      this.#limit = Math.min(this.#most(), this.limit + stepOf(this.limit));
    }
  }

  #cut(factor: number, startedAt: number, now: number): void {
    this.#quietUntil = now + QUIET_MS;
    if (startedAt < this.#cutAt) return;
    this.#cutAt = now;
    // A second cut before the first was made good says that the old level is too much.
    this.#proven = this.limit < this.#proven ? this.limit : Math.max(this.limit, this.#proven);
    this.#limit = Math.max(1, this.limit * factor);
    this.#before = null;
    this.#startEpoch(now);
  }

  #startEpoch(now: number): void {
    this.#epochStart = now;
    this.#epochBytes = 0;
    this.#epochWasFull = false;
  }
}

function stepOf(limit: number): number {
  return Math.max(1, Math.round(limit / 6));
}
