/** Rows that somebody chose. A row is in sight of them all: what is no longer shown is no longer chosen. */
export class RowSelection {
  readonly #rows = new Set<number>();
  /** Where a range with shift begins. */
  #anchor: number | null = null;

  get size(): number {
    return this.#rows.size;
  }

  has(row: number): boolean {
    return this.#rows.has(row);
  }

  /** In the order of their keys. */
  rows(): number[] {
    return [...this.#rows].toSorted((one, other) => one - other);
  }

  toggle(row: number): void {
    if (!this.#rows.delete(row)) this.#rows.add(row);
    this.#anchor = row;
  }

  /**
   * Chooses from the row that was chosen last to this one, both included, in the order that is shown.
   * @param view the rows that are shown
   */
  extendTo(row: number, view: Uint32Array): void {
    const to = view.indexOf(row);
    const from = this.#anchor === null ? to : view.indexOf(this.#anchor);
    const [first, last] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
    for (const chosen of view.subarray(first, last + 1)) this.#rows.add(chosen);
    if (from < 0 || this.#anchor === null) this.#anchor = row;
  }

  /** Where the next range begins, if nothing is chosen before. */
  startAt(row: number): void {
    this.#anchor ??= row;
  }

  selectAll(view: Uint32Array): void {
    for (const row of view) this.#rows.add(row);
  }

  clear(): void {
    this.#rows.clear();
    this.#anchor = null;
  }

  /** Forgets what is not shown any more. */
  keepOnly(view: Uint32Array): void {
    if (this.#rows.size === 0) return;
    const shown = new Set(view);
    for (const row of this.#rows) if (!shown.has(row)) this.#rows.delete(row);
  }
}
