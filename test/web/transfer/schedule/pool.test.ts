import { describe, expect, it } from "vitest";
import { Pool, type Lane } from "../../../../web/transfer/schedule/pool.ts";
import { rest } from "../rig/fake-clock.ts";

/** A lane of endless requests that the test ends one by one. */
function endlessLane() {
  const ends: (() => void)[] = [];
  const lane: Lane = { next: () => () => new Promise((resolve) => ends.push(resolve)) };
  return { lane, ends };
}

describe("Pool", () => {
  it("shares connections evenly, and gives a freed one to the lane with the fewest", async () => {
    const [a, b, c] = [endlessLane(), endlessLane(), endlessLane()];
    const pool = new Pool(6, () => undefined);
    pool.startWhatMay([a.lane, b.lane, c.lane], 0);
    expect([a.ends.length, b.ends.length, c.ends.length]).toEqual([2, 2, 2]);
    b.ends[0]?.();
    await rest();
    pool.startWhatMay([a.lane, b.lane, c.lane], 0);
    expect([a.ends.length, b.ends.length, c.ends.length]).toEqual([2, 3, 2]);
  });

  it("gives one lane everything where no other has work", () => {
    const a = endlessLane();
    const pool = new Pool(4, () => undefined);
    pool.startWhatMay([{ next: () => null }, a.lane], 0);
    expect(a.ends.length).toBe(4);
    expect(pool.underWayCount).toBe(4);
  });

  it("tells when a connection is free", async () => {
    const a = endlessLane();
    let freed = 0;
    const pool = new Pool(1, () => (freed += 1));
    pool.startWhatMay([a.lane], 0);
    a.ends[0]?.();
    await rest();
    expect([freed, pool.underWayCount]).toEqual([1, 0]);
  });
});
