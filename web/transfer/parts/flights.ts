import { savedByHedgeMs, type Delivery } from "./laggard.ts";
import type { PartRange } from "./part-table.ts";

/** One request under way. */
export interface Flight extends Delivery {
  sentBytes: number;
  movedAt: number;
  readonly controller: AbortController;
}

/** A request that left later than this has not shown its speed, in milliseconds. */
const SHOWN_AFTER_MS = 1_000;

/** Bytes sent twice because one connection lagged stay below this part of the upload. */
const HEDGED_SHARE = 0.05;

/** Of a small upload at least this much may go twice, in bytes. */
const HEDGED_BYTES = 16 * 1024 * 1024;

/** The requests of one upload that are under way; a part that lags may have two. */
export class Flights {
  readonly #flights = new Set<Flight>();
  #hedgedBytes = 0;

  get count(): number {
    return this.#flights.size;
  }

  takeOff({ partNumber, start, end }: PartRange, url: string, now: number): Flight {
    const flight: Flight = {
      partNumber,
      url,
      sizeBytes: end - start,
      startedAt: now,
      sentBytes: 0,
      movedAt: now,
      controller: new AbortController(),
    };
    this.#flights.add(flight);
    return flight;
  }

  /** False where it had landed already. */
  land(flight: Flight): boolean {
    return this.#flights.delete(flight);
  }

  all(): readonly Flight[] {
    return [...this.#flights];
  }

  of(partNumber: number): readonly Flight[] {
    return this.all().filter((flight) => flight.partNumber === partNumber);
  }

  /** Of requests that have shown what they can, in bytes a second. */
  speeds(now: number): readonly number[] {
    return this.all()
      .filter(({ startedAt, sentBytes }) => now - startedAt > SHOWN_AFTER_MS && sentBytes > 0)
      .map(({ startedAt, sentBytes }) => (sentBytes / (now - startedAt)) * 1000);
  }

  /**
   * The request whose part had best be sent a second time; undefined where none is worth it.
   * @param bytesPerSecond of one connection
   * @param uploadBytes of the whole upload
   */
  laggard(bytesPerSecond: number, uploadBytes: number, now: number): Flight | undefined {
    const saved = (flight: Flight) => savedByHedgeMs(flight, bytesPerSecond, now);
    const mostBytes = Math.max(HEDGED_BYTES, uploadBytes * HEDGED_SHARE);
    return this.all()
      .filter((flight) => this.of(flight.partNumber).length === 1)
      .filter((flight) => this.#hedgedBytes + flight.sizeBytes <= mostBytes && saved(flight) > 0)
      .toSorted((a, b) => saved(b) - saved(a))[0];
  }

  /** So many bytes go up a second time. */
  hedged(sizeBytes: number): void {
    this.#hedgedBytes += sizeBytes;
  }
}
