/** A row that is drawn: its place in the list, and which of the drawn ones it takes over. */
export interface Slot {
  readonly position: number;
  readonly slot: number;
}

/** The places from `first` to `end`, exclusive. */
export type SlotSource = (first: number, end: number) => readonly Slot[];

/**
 * Rows that come into sight take over what those that left were drawn with, so that scrolling makes and removes
 * no elements.
 */
export function createSlots(): SlotSource {
  let kept: readonly Slot[] = [];
  let slotCount = 0;
  return (first, end) => {
    const isInSight = ({ position }: Slot) => position >= first && position < end;
    const slots = new Map(
      kept.filter(isInSight).map(({ position, slot }) => [position, slot] as const),
    );
    const free = kept.filter((one) => !isInSight(one)).map(({ slot }) => slot);
    const count = Math.max(0, end - first);
    kept = Array.from({ length: count }, (_, index) => {
      const position = first + index;
      return { position, slot: slots.get(position) ?? free.shift() ?? slotCount++ };
    });
    return kept;
  };
}
