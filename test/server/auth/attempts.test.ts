import { describe, expect, it } from "vitest";
import { ProblemError } from "../../../shared/problem.ts";
import { createAttempts } from "../../../server/auth/attempts.ts";

function scene() {
  let nowMs = 0;
  const attempts = createAttempts(() => nowMs);
  const waitOf = (address: string) => {
    try {
      attempts.begin(address);
      return 0;
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== "rate-limited") throw error;
      return error.retryAfterSeconds;
    }
  };
  return { ...attempts, waitOf, pass: (seconds: number) => void (nowMs += seconds * 1000) };
}

describe("attempts at a password", () => {
  it("are free five times, then wait twice as long each time, up to a quarter of an hour", () => {
    const { waitOf, pass } = scene();
    for (let count = 0; count < 5; count += 1) expect(waitOf("a")).toBe(0);
    const waits: (number | undefined)[] = [];
    for (let count = 0; count < 10; count += 1) {
      waits.push(waitOf("a"));
      pass(waits.at(-1) ?? 0);
      expect(waitOf("a")).toBe(0);
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
  });

  it("are not prolonged by asking too early, and forgiven after an hour", () => {
    const { waitOf, pass } = scene();
    for (let count = 0; count < 5; count += 1) waitOf("a");
    pass(2);
    expect([waitOf("a"), waitOf("a")]).toEqual([3, 3]);
    pass(3601);
    for (let count = 0; count < 5; count += 1) expect(waitOf("a")).toBe(0);
    expect(waitOf("a")).toBe(5);
  });

  it("of one address do not hold up another", () => {
    const { waitOf, succeed } = scene();
    for (let count = 0; count < 6; count += 1) waitOf("a");
    expect(waitOf("b")).toBe(0);
    succeed("a");
    expect(waitOf("a")).toBe(0);
  });

  it("are limited in all, however many addresses guess, and say when", () => {
    const { waitOf, pass } = scene();
    for (let count = 0; count < 100; count += 1) expect(waitOf(`address ${count}`)).toBe(0);
    expect(waitOf("new")).toBe(5);
    pass(5);
    expect([waitOf("new"), waitOf("newer")]).toEqual([0, 5]);
  });

  it("of many addresses do not hold up one from which somebody has signed in, which has its own limit", () => {
    const { waitOf, succeed } = scene();
    expect(waitOf("admin")).toBe(0);
    succeed("admin");
    for (let count = 0; count < 100; count += 1) waitOf(`address ${count}`);
    expect(waitOf("new")).toBe(5);
    for (let count = 0; count < 5; count += 1) expect(waitOf("admin")).toBe(0);
    expect(waitOf("admin")).toBe(5);
  });

  it("that succeed count for nothing", () => {
    const { waitOf, succeed } = scene();
    for (let count = 0; count < 300; count += 1) {
      expect(waitOf("a")).toBe(0);
      succeed("a");
    }
  });
});
