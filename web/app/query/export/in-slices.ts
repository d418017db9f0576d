/** Works so long at a stretch, in milliseconds: a frame has 16. */
const SLICE_MS = 8;

/** Steps between looks at the clock. */
const STEPS_PER_LOOK = 64;

/** What work in slices is given. */
export interface SlicePorts {
  readonly now: () => number;
  /** Lets the page paint and answer input. */
  readonly giveWay: () => Promise<void>;
}

/** A macrotask between slices. */
export const browserSlices: SlicePorts = {
  now: () => performance.now(),
  giveWay: () =>
    new Promise((resolve) => {
      setTimeout(resolve);
    }),
};

/**
 * Does something for each number from 0 to `count`, with room for everything else in between.
 * @param step answers whether it goes on
 */
export async function inSlices(
  count: number,
  step: (index: number) => boolean,
  { now, giveWay }: SlicePorts,
): Promise<void> {
  let since = now();
  for (let index = 0; index < count; index += 1) {
    if (!step(index)) return;
    if (index % STEPS_PER_LOOK === 0 && now() - since > SLICE_MS) {
      await giveWay();
      since = now();
    }
  }
}
