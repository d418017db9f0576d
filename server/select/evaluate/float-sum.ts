/**
 * A sum of floats that is rounded once, when it is asked for: what it amounts to depends neither on their order nor
 * on who added up which of them.
 * @see https://people.eecs.berkeley.edu/~jrs/papers/robustr.pdf Shewchuk's growing expansions
 */
export class FloatSum {
  /** Parts of the sum that do not overlap, the smallest first. */
  #parts: number[] = [];
  /** What infinities and NaN amount to; 0 where there were none. */
  #special = 0;

  add(value: number): void {
    if (!Number.isFinite(value)) {
      this.#special += value;
      return;
    }
    let carried = value;
    let kept = 0;
    for (const part of this.#parts) {
      const [large, small] = Math.abs(carried) < Math.abs(part) ? [part, carried] : [carried, part];
      const high = large + small;
      const low = small - (high - large);
      if (low !== 0) this.#parts[kept++] = low;
      carried = high;
    }
    this.#parts.length = kept;
    this.#parts.push(carried);
    if (!Number.isFinite(carried)) this.#overflow(carried);
  }

  /** Numbers that amount to the same. */
  parts(): readonly number[] {
    return this.#special === 0 ? this.#parts : [this.#special];
  }

  result(): number {
    if (this.#special !== 0) return this.#special;
    let index = this.#parts.length - 1;
    let total = this.#parts[index] ?? 0;
    let low = 0;
    while (index > 0 && low === 0) {
      index -= 1;
      const before = total;
      const part = this.#parts[index] ?? 0;
      total = before + part;
      low = part - (total - before);
    }
    return roundHalfEven(total, low, this.#parts[index - 1] ?? 0);
  }

  #overflow(total: number): void {
    this.#special += total;
    this.#parts = [];
  }
}

/** Where what is left lies in the middle between two floats, what lies below it decides. */
function roundHalfEven(total: number, low: number, below: number): number {
  if ((low < 0 && below < 0) || (low > 0 && below > 0)) {
    const doubled = low * 2;
    const next = total + doubled;
    if (next - total === doubled) return next;
  }
  return total;
}
