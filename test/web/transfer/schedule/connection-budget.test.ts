import { describe, expect, it } from "vitest";
import { ConnectionBudget } from "../../../../web/transfer/schedule/connection-budget.ts";

/** Lets a budget work for `seconds` on a line that gives `goodput(limit)` bytes a second. */
function work(
  budget: ConnectionBudget,
  goodput: (limit: number) => number,
  seconds: number,
  from = 0,
): number {
  const steps = seconds * 10;
  for (let step = 0; step < steps; step += 1) {
    budget.moved(goodput(budget.limit) / 10, true, from + step * 100);
  }
  return from + steps * 100;
}

const cappedPerConnection = (limit: number) => limit * 1000;
const capped = (limit: number) => Math.min(limit, 6) * 1000;

describe("ConnectionBudget", () => {
  it("takes as many connections as gain something", () => {
    const budget = new ConnectionBudget({ initial: 6, most: () => 24 });
    work(budget, cappedPerConnection, 60);
    expect(budget.limit).toBe(24);
  });

  it("takes back what gains nothing", () => {
    const budget = new ConnectionBudget({ initial: 6, most: () => 24 });
    let most = 0;
    work(
      budget,
      (limit) => {
        most = Math.max(most, limit);
        return capped(limit);
      },
      120,
    );
    expect(budget.limit).toBeLessThanOrEqual(7);
    expect(most).toBe(7);
  });

  it("never asks for more than the browser can open, nor for less than one", () => {
    let most = 3;
    const budget = new ConnectionBudget({ initial: 12, most: () => most });
    expect(budget.limit).toBe(3);
    most = 0;
    expect(budget.limit).toBe(1);
  });

  it("does not grow while connections idle", () => {
    const budget = new ConnectionBudget({ initial: 6, most: () => 24 });
    for (let now = 0; now < 60_000; now += 100) budget.moved(1000, false, now);
    expect(budget.limit).toBe(6);
  });

  it("is cut by a storage that asks for it, once for all requests of one moment", () => {
    const budget = new ConnectionBudget({ initial: 12, most: () => 24 });
    budget.throttled(0, 1000);
    const afterOne = budget.limit;
    expect(afterOne).toBeLessThan(12);
    budget.throttled(500, 1010);
    budget.throttled(900, 1020);
    expect(budget.limit).toBe(afterOne);
    budget.throttled(1100, 1200);
    expect(budget.limit).toBeLessThan(afterOne);
  });

  it("goes back step by step to what served before, after a while of quiet", () => {
    const budget = new ConnectionBudget({ initial: 12, most: () => 12 });
    budget.timedOut(0, 1000);
    const cut = budget.limit;
    const now = work(budget, cappedPerConnection, 2, 1000);
    expect(budget.limit).toBe(cut);
    work(budget, cappedPerConnection, 20, now);
    expect(budget.limit).toBe(12);
  });

  it("settles below a level at which it is cut again and again", () => {
    const budget = new ConnectionBudget({ initial: 12, most: () => 12 });
    let now = 0;
    for (let round = 0; round < 20; round += 1) {
      if (budget.limit > 4) budget.throttled(now, now + 1);
      now = work(budget, cappedPerConnection, 4, now + 2);
    }
    expect(budget.limit).toBeLessThanOrEqual(6);
  });
});
