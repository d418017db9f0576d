import { describe, expect, it } from "vitest";
import { Arrivals } from "../../../../web/transfer/source/arrivals.ts";
import { createFakeClock } from "../rig/fake-clock.ts";

describe("Arrivals", () => {
  it("lets a few in at once", () => {
    const entered: number[] = [];
    const arrivals = new Arrivals(createFakeClock());
    for (const id of [1, 2, 3]) arrivals.add(String(id), () => entered.push(id));
    expect(entered).toEqual([1, 2, 3]);
  });

  it("spreads thousands over moments, in order, and never works longer than one at a time", async () => {
    const clock = createFakeClock();
    const arrivals = new Arrivals(clock);
    const entered: number[] = [];
    const perTask: number[] = [0];
    for (let id = 0; id < 100; id += 1) {
      arrivals.add(String(id), () => {
        entered.push(id);
        perTask[perTask.length - 1] = (perTask.at(-1) ?? 0) + 1;
        clock.jump(1);
      });
    }
    expect(entered.length).toBeLessThan(12);
    while (entered.length < 100) {
      perTask.push(0);
      await clock.advance(1);
    }
    expect(entered).toEqual(Array.from({ length: 100 }, (_, id) => id));
    expect(Math.max(...perTask)).toBeLessThan(30);
  });

  it("lets be done to those that wait what is asked of them, once they are in", async () => {
    const clock = createFakeClock();
    const arrivals = new Arrivals(clock);
    const seen: string[] = [];
    for (const id of ["a", "b"]) {
      arrivals.add(id, () => {
        seen.push(`${id} enters`);
        clock.jump(20);
      });
    }
    expect([...arrivals.ids]).toEqual(["b"]);
    for (const id of ["b", "a"]) arrivals.afterwards(id, () => seen.push(`${id} pauses`));
    expect(seen).toEqual(["a enters", "a pauses"]);
    await clock.advance(10);
    expect(seen).toEqual(["a enters", "a pauses", "b enters", "b pauses"]);
  });

  it("forgets those that are no longer wanted", async () => {
    const clock = createFakeClock();
    const arrivals = new Arrivals(clock);
    const entered: string[] = [];
    const enter = (id: string) => () => {
      entered.push(id);
      clock.jump(20);
    };
    for (const id of ["a", "b", "c"]) arrivals.add(id, enter(id));
    arrivals.forget("b");
    await clock.advance(10);
    expect(entered).toEqual(["a", "c"]);
    arrivals.add("d", enter("d"));
    arrivals.add("e", enter("e"));
    arrivals.clear();
    await clock.advance(1000);
    expect(entered).not.toContain("e");
  });
});
