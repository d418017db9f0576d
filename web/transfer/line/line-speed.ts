/** Parts remembered: two waves of twelve connections. */
const MOST_SAMPLES = 24;

/** Fewer say nothing about how equal connections are. */
const FEWEST_FOR_EVENNESS = 4;

/** Below this relative deviation connections count as equally fast. */
const EVEN_DEVIATION = 0.15;

/** Smaller requests measure round trips, not the line; in bytes. */
export const SMALLEST_SAMPLE_BYTES = 1024 * 1024;

/** What parts have shown of the line; speeds are those of one connection, in bytes a second. */
export class LineSpeed {
  readonly #samples: number[] = [];
  #guess: number | null = null;
  #movedAt = 0;

  /** When a byte last moved on any connection, in milliseconds since 1970. */
  get movedAt(): number {
    return this.#movedAt;
  }

  /** The median of late parts, or what the first have shown on their way; null before that. */
  get bytesPerSecond(): number | null {
    const sorted = this.#samples.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? this.#guess;
  }

  /** A part has arrived. */
  get isMeasured(): boolean {
    return this.#samples.length > 0;
  }

  /**
   * Whether connections get about the same: false until enough of them have shown it.
   * @param underWay what parts under way have moved so far, in bytes a second
   */
  isEven(underWay: readonly number[] = []): boolean {
    const speeds = [...this.#samples, ...underWay];
    if (speeds.length < FEWEST_FOR_EVENNESS) return false;
    const mean = speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length;
    const variance = speeds.reduce((sum, speed) => sum + (speed - mean) ** 2, 0) / speeds.length;
    return Math.sqrt(variance) / mean < EVEN_DEVIATION;
  }

  moved(now: number): void {
    this.#movedAt = now;
  }

  /** A part of `sizeBytes` arrived `elapsedMs` after its request left. */
  arrived(sizeBytes: number, elapsedMs: number): void {
    if (sizeBytes < SMALLEST_SAMPLE_BYTES) return;
    this.#samples.push((sizeBytes / Math.max(1, elapsedMs)) * 1000);
    if (this.#samples.length > MOST_SAMPLES) this.#samples.shift();
  }

  /** What a part under way has shown, before the first has arrived. */
  guess(bytesPerSecond: number): void {
    this.#guess = bytesPerSecond;
  }

  /** Another network: nothing of the past holds. */
  forget(): void {
    this.#samples.length = 0;
    this.#guess = null;
  }
}
