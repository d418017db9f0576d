import {
  breakCircuit,
  CLOSED_CIRCUIT,
  mendCircuit,
  type Circuit,
  type StorageFailure,
} from "./circuit.ts";
import type { Clock } from "../time/clock.ts";

/** What all uploads together have found out about the storage. */
export class StorageHealth {
  readonly #clock: Clock;
  readonly #random: () => number;
  #circuit: Circuit = CLOSED_CIRCUIT;
  #hasAnswered = false;
  #opaqueCount = 0;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  get circuit(): Circuit {
    return this.#circuit;
  }

  /** Whether it ever gave an answer that the browser let us read. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /**
   * Times in a row, as the circuit counts them, that a request ended at once and without a readable
   * answer: refused by CORS, or by a broken line. One that merely stood still is none of them.
   */
  get opaqueCount(): number {
    return this.#opaqueCount;
  }

  answered(): void {
    this.#hasAnswered = true;
  }

  succeeded(): void {
    this.#hasAnswered = true;
    this.#opaqueCount = 0;
    this.#circuit = mendCircuit(this.#circuit, this.#clock.now());
  }

  failed(failure: StorageFailure): void {
    const before = this.#circuit;
    this.#circuit = breakCircuit(before, failure, this.#clock.now(), this.#random);
    const { code, facts } = failure.error;
    const isOpaque = code === "storage-unreachable" && facts.stalled !== true;
    if (isOpaque && this.#circuit !== before) this.#opaqueCount += 1;
  }

  /** The network is back, or a person says "now". */
  forgive(): void {
    this.#circuit = CLOSED_CIRCUIT;
    this.#opaqueCount = 0;
  }
}
