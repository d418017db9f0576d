import { expect, test } from "vitest";
import { createDelayLine, type DelayClock } from "./shaper-delay.ts";
import { createRate } from "./shaper-rate.ts";

/** A clock that moves when it is told to. */
function handClock(): DelayClock & { go(ms: number): void } {
  const timers = new Set<{ readonly atMs: number; readonly call: () => void }>();
  let nowMs = 0;
  return {
    now: () => nowMs,
    at(atMs, call) {
      const timer = { atMs, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    go(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        const [next] = [...timers].toSorted((a, b) => a.atMs - b.atMs);
        if (next === undefined || next.atMs > endMs) break;
        timers.delete(next);
        nowMs = Math.max(nowMs, next.atMs);
        next.call();
      }
      nowMs = endMs;
    },
  };
}

/** A line whose far end notes when things arrive, and takes them while `isOpen`. */
function scene(bytesPerSecond: number, delayMs: number) {
  const clock = handClock();
  const arrived: { label: string; atMs: number }[] = [];
  const seen = { rooms: 0, isOpen: true, delayMs };
  const line = createDelayLine({
    clock,
    rates: [createRate(() => bytesPerSecond)],
    delayMs: () => seen.delayMs,
    onRoom: () => seen.rooms++,
  });
  const push = (label: string, sizeBytes: number) =>
    line.push(sizeBytes, () => {
      arrived.push({ label, atMs: clock.now() });
      return seen.isOpen;
    });
  return { clock, line, push, seen, arrived, labels: () => arrived.map(({ label }) => label) };
}

test("a line without delay or rate passes everything on at once", () => {
  const { push, labels } = scene(Infinity, 0);
  expect([push("a", 1e6), push("b", 1)]).toEqual([true, true]);
  expect(labels()).toEqual(["a", "b"]);
});

test("what goes in arrives in order, once the delay is over", () => {
  const { push, clock, labels } = scene(Infinity, 40);
  push("a", 10);
  clock.go(20);
  push("b", 10);
  clock.go(19);
  expect(labels()).toEqual([]);
  clock.go(2);
  expect(labels()).toEqual(["a"]);
  clock.go(20);
  expect(labels()).toEqual(["a", "b"]);
});

test("the sender is held back at the rate, and the delay comes on top", () => {
  const { push, clock, arrived, seen } = scene(1000, 40);
  expect(push("a", 500)).toBe(false);
  clock.go(400);
  expect(seen.rooms).toBe(0);
  clock.go(100);
  expect(seen.rooms).toBe(1);
  clock.go(100);
  expect(arrived[0]?.atMs).toBeGreaterThanOrEqual(500);
  expect(arrived[0]?.atMs).toBeLessThanOrEqual(540);
});

test("a far end that takes no more stops the line until it does", () => {
  const { push, clock, line, labels, seen } = scene(Infinity, 10);
  seen.isOpen = false;
  push("a", 1);
  push("b", 1);
  clock.go(50);
  expect(labels()).toEqual(["a"]);
  expect(push("c", 1)).toBe(false);
  seen.isOpen = true;
  line.unblock();
  expect(labels()).toEqual(["a", "b"]);
  clock.go(10);
  expect(labels()).toEqual(["a", "b", "c"]);
  expect(seen.rooms).toBe(1);
});

test("a delay line without a rate holds no more than a bound", () => {
  const { push, clock, seen } = scene(Infinity, 1000);
  let taken = 0;
  while (push("a", 1024 * 1024)) taken++;
  expect(taken).toBeLessThanOrEqual(16);
  clock.go(1000);
  expect(seen.rooms).toBe(1);
});

test("a delay that grows shorter lets nothing overtake", () => {
  const { push, clock, labels, seen } = scene(Infinity, 100);
  push("a", 1);
  seen.delayMs = 0;
  push("b", 1);
  clock.go(99);
  expect(labels()).toEqual([]);
  clock.go(1);
  expect(labels()).toEqual(["a", "b"]);
});

test("a destroyed line delivers nothing more and takes nothing", () => {
  const { push, clock, line, labels } = scene(Infinity, 10);
  push("a", 1);
  line.destroy();
  clock.go(100);
  expect(push("b", 1)).toBe(false);
  expect(labels()).toEqual([]);
});
