import { ProblemError } from "../../shared/problem.ts";

/** Queries at once: of one caller, and of all together, because they work on this server's processors. */
const MAX_OF_ONE = 4;
const MAX_OF_ALL = 16;

/** Counts the queries under way. */
export class QuerySlots {
  readonly #countOf = new Map<string, number>();
  #total = 0;

  /**
   * Takes a place and answers how it is given back; a second call of that does nothing.
   * @throws ProblemError `rate-limited` where there is none
   */
  take(caller: string): () => void {
    const count = this.#countOf.get(caller) ?? 0;
    if (count >= MAX_OF_ONE || this.#total >= MAX_OF_ALL) {
      const whose =
        count >= MAX_OF_ONE ? `${MAX_OF_ONE} queries of yours` : `${MAX_OF_ALL} queries`;
      throw new ProblemError(
        "rate-limited",
        `${whose} are under way; wait for one of them to end.`,
      );
    }
    this.#countOf.set(caller, count + 1);
    this.#total += 1;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#total -= 1;
      const left = (this.#countOf.get(caller) ?? 1) - 1;
      if (left > 0) this.#countOf.set(caller, left);
      else this.#countOf.delete(caller);
    };
  }
}
