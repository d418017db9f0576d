import { describe, expect, it } from "vitest";
import { Pool, type Send } from "../../../../web/transfer/schedule/pool.ts";
import { rest } from "../rig/fake-clock.ts";

/** A lane of endless requests that the test ends one by one. */
class EndlessLane {
  readonly ends: (() => void)[] = [];
  readonly next = (): Send => () => new Promise((resolve) => this.ends.push(resolve));
}

const nextOf = (lane: EndlessLane) => lane.next();
const three = () => [new EndlessLane(), new EndlessLane(), new EndlessLane()] as const;

describe("Pool", () => {
  it("shares connections evenly, and gives a freed one to the lane with the fewest", async () => {
    const [a, b, c] = three();
    const pool = new Pool<EndlessLane>(
      () => 6,
      () => undefined,
    );
    pool.startWhatMay([a, b, c], nextOf);
    expect([a.ends.length, b.ends.length, c.ends.length]).toEqual([2, 2, 2]);
    b.ends[0]?.();
    await rest();
    pool.startWhatMay([a, b, c], nextOf);
    expect([a.ends.length, b.ends.length, c.ends.length]).toEqual([2, 3, 2]);
  });

  it("gives one lane everything where no other has work", () => {
    const [idle, busy] = three();
    const pool = new Pool<EndlessLane>(
      () => 4,
      () => undefined,
    );
    pool.startWhatMay([idle, busy], (lane) => (lane === idle ? null : lane.next()));
    expect(busy.ends.length).toBe(4);
    expect(pool.underWayCount).toBe(4);
    expect(pool.isFull).toBe(true);
  });

  it("keeps to a limit that changes, without stopping what is under way", async () => {
    const [lane] = three();
    let limit = 4;
    const pool = new Pool<EndlessLane>(
      () => limit,
      () => undefined,
    );
    pool.startWhatMay([lane], nextOf);
    limit = 2;
    lane.ends[0]?.();
    await rest();
    pool.startWhatMay([lane], nextOf);
    expect(pool.underWayCount).toBe(3);
  });

  it("tells when a connection is free", async () => {
    const [lane] = three();
    let freed = 0;
    const pool = new Pool<EndlessLane>(
      () => 1,
      () => {
        freed += 1;
      },
    );
    pool.startWhatMay([lane], nextOf);
    lane.ends[0]?.();
    await rest();
    expect([freed, pool.underWayCount]).toEqual([1, 0]);
  });
});
