/** What an upload is here for: to be opened, being opened, to send, or nothing. */
export type Place =
  | "open-single"
  | "open-multipart"
  | "opening-single"
  | "opening-multipart"
  | "send-single"
  | "send-multipart"
  | "none";

/** Something that stands in the schedule. */
export interface Scheduled {
  readonly place: Place;
  /** Was in line before: comes ahead of those that never were. */
  readonly isReturning: boolean;
}

/** Who waits for what, in order. */
export class Schedule<T extends Scheduled> {
  readonly #placeOf = new Map<T, string>();
  readonly #lines = new Map<string, Set<T>>();

  /** Puts `item` where it belongs now; one that already stands there keeps its turn. */
  file(item: T): void {
    const line = item.isReturning ? `${item.place}-again` : item.place;
    if (this.#placeOf.get(item) === line) return;
    this.remove(item);
    if (item.place === "none") return;
    this.#placeOf.set(item, line);
    this.#lineOf(line).add(item);
  }

  remove(item: T): void {
    const line = this.#placeOf.get(item);
    if (line !== undefined) this.#lineOf(line).delete(item);
    this.#placeOf.delete(item);
  }

  /** Everything that stands somewhere. */
  get size(): number {
    return this.#placeOf.size;
  }

  count(place: Place): number {
    return this.#lineOf(`${place}-again`).size + this.#lineOf(place).size;
  }

  /** Everything at a place, those that return first. */
  *at(place: Place): Iterable<T> {
    yield* this.#lineOf(`${place}-again`);
    yield* this.#lineOf(place);
  }

  #lineOf(name: string): Set<T> {
    const known = this.#lines.get(name);
    if (known) return known;
    const line = new Set<T>();
    this.#lines.set(name, line);
    return line;
  }
}
