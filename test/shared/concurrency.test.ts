import { describe, expect, it } from "vitest";
import { mapConcurrently } from "../../shared/concurrency.ts";

describe("mapConcurrently", () => {
  it("keeps the order and never exceeds the limit", async () => {
    let running = 0;
    let most = 0;
    const results = await mapConcurrently([5, 1, 4, 2, 3], 2, async (item) => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
      running -= 1;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
  });

  it("rejects with the first fault", async () => {
    const fault = new Error("second");
    const mapped = mapConcurrently([1, 2, 3], 2, async (item) => {
      if (item === 2) throw fault;
      return item;
    });
    await expect(mapped).rejects.toBe(fault);
  });
});
