import { damaged } from "./fault.ts";
import type { Encoded } from "./hybrid.ts";
import type { Runs } from "./vector.ts";

/** Runs whose places are written down; they lie within what holds them. */
export function listedRuns(starts: Int32Array, ends: Int32Array): Runs {
  return { start: (index) => starts[index] ?? 0, end: (index) => ends[index] ?? 0 };
}

/** The same runs, for those who ask for them in any order. */
export function inAnyOrder(runs: Runs, count: number): Runs {
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  for (let index = 0; index < count; index += 1) {
    starts[index] = runs.start(index);
    ends[index] = runs.end(index);
  }
  return listedRuns(starts, ends);
}

/** Runs of one width. */
export function fixedRuns(first: number, width: number): Runs {
  return { start: (index) => first + index * width, end: (index) => first + (index + 1) * width };
}

const LENGTH_BYTES = 4;

/**
 * Runs of which each has its length before it: they are found by going through them, as far as
 * anybody asks: in order, that is, or again from the first on. */
export class PrefixedRuns implements Runs {
  readonly #view: DataView;
  readonly #first: number;
  readonly #end: number;
  #index = 0;
  /** Where the length of that run stands. */
  #at: number;

  constructor({ bytes, start, end }: Encoded) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#first = start;
    this.#end = end;
    this.#at = start;
  }

  start(index: number): number {
    this.#goTo(index);
    return this.#at + LENGTH_BYTES;
  }

  end(index: number): number {
    this.#goTo(index);
    const end = this.#at + LENGTH_BYTES + this.#view.getUint32(this.#at, true);
    if (end <= this.#end) return end;
    throw damaged("a value is longer than its page");
  }

  #goTo(index: number): void {
    if (index < this.#index) {
      this.#index = 0;
      this.#at = this.#first;
    }
    const view = this.#view;
    const last = this.#end - LENGTH_BYTES;
    let at = this.#at;
    for (let left = index - this.#index; left > 0; left -= 1) {
      const length = view.getInt32(at, true);
      // As whole numbers of 32 bits, which take a quarter of the time that others do.
      at = (at + LENGTH_BYTES + length) | 0;
      if ((length | at) < 0 || at > last) throw damaged("a page has fewer values than it says");
    }
    this.#at = at;
    this.#index = index;
  }
}
