/** Random choices that another run with the same seed makes again. */
export interface Dice {
  /** A whole number from 0, below `end`. */
  below(end: number): number;
  /** Whether something that happens once in `count` happens. */
  onceIn(count: number): boolean;
  pick<T>(choices: readonly [T, ...T[]] | readonly T[]): T;
  bytes(count: number): Uint8Array;
}

/**
 * Dice of one input.
 * @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c (mulberry32)
 */
export function diceFor(seed: number, index: number): Dice {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
  const below = (end: number) => Math.floor((next() / 2 ** 32) * end);
  return {
    below,
    onceIn: (count) => below(count) === 0,
    pick(choices) {
      const choice = choices[below(choices.length)];
      if (choice === undefined) throw new Error("Nothing to choose from");
      return choice;
    },
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 255),
  };
}
