/** The first few of many, by some time. */
export interface Soonest<T> {
  add(item: T): void;
  /** In order; among equals, as they were added. */
  items(): readonly T[];
}

/**
 * Keeps the `limit` items that come first and forgets the others.
 * @param limit 1 and more
 */
export function createSoonest<T>(limit: number, timeOf: (item: T) => number): Soonest<T> {
  const kept: T[] = [];
  return {
    add(item) {
      const last = kept.at(-1);
      const isFull = kept.length >= limit;
      if (isFull && last !== undefined && timeOf(item) >= timeOf(last)) return;
      const place = kept.findLastIndex((other) => timeOf(other) <= timeOf(item)) + 1;
      kept.splice(place, 0, item);
      if (isFull) kept.pop();
    },
    items: () => [...kept],
  };
}
