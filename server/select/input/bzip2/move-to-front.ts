/** Moves shorter than this are quicker by a loop. */
const SHORT_MOVE = 16;

/** Values by how recently they were taken. */
export class MoveToFront {
  readonly #values: Uint8Array;

  constructor(values: Uint8Array) {
    this.#values = values.slice();
  }

  /** The value at a place, from 0, which is then the first. */
  take(place: number): number {
    const values = this.#values;
    const value = values[place] ?? 0;
    if (place < SHORT_MOVE) {
      for (let at = place; at > 0; at -= 1) values[at] = values[at - 1] ?? 0;
    } else values.copyWithin(1, 0, place);
    values[0] = value;
    return value;
  }

  /** The first value. */
  get first(): number {
    return this.#values[0] ?? 0;
  }
}
