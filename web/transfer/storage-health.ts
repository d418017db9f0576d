import {
  breakCircuit,
  CLOSED_CIRCUIT,
  mendCircuit,
  type Circuit,
  type StorageFailure,
} from "./circuit.ts";
import type { Clock } from "./clock.ts";

/** What all uploads together have found out about the storage. */
export class StorageHealth {
  readonly #clock: Clock;
  readonly #random: () => number;
  #circuit: Circuit = CLOSED_CIRCUIT;
  #hasAnswered = false;

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

  answered(): void {
    this.#hasAnswered = true;
  }

  succeeded(): void {
    this.#hasAnswered = true;
    this.#circuit = mendCircuit(this.#circuit, this.#clock.now());
  }

  failed(failure: StorageFailure): void {
    this.#circuit = breakCircuit(this.#circuit, failure, this.#clock.now(), this.#random);
  }

  /** The network is back, or a person says "now". */
  forgive(): void {
    this.#circuit = CLOSED_CIRCUIT;
  }
}
