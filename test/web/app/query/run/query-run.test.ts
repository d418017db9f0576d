import { describe, expect, test } from "vitest";
import { QueryRun, type RunThread } from "../../../../../web/app/query/run/query-run.svelte.ts";
import type { RunMessage, ThreadOrder } from "../../../../../web/app/query/run/run-messages.ts";

interface ScriptedThread extends RunThread {
  readonly orders: ThreadOrder[];
  isTerminated: boolean;
  say(message: RunMessage): void;
  fail(message: string): void;
}

/** A run with threads that say what a test says, by a clock that a test moves. */
function scene() {
  const clock = { now: 1000 };
  const threads: ScriptedThread[] = [];
  const open = () => {
    const listeners = new Map<string, (event: never) => void>();
    const thread: ScriptedThread = {
      orders: [],
      isTerminated: false,
      postMessage: (order) => void thread.orders.push(order),
      addEventListener: (type: string, listener: (event: never) => void) =>
        void listeners.set(type, listener),
      terminate: () => void (thread.isTerminated = true),
      say: (data) => listeners.get("message")?.({ data } as never),
      fail: (message) => listeners.get("error")?.({ message } as never),
    };
    threads.push(thread);
    return thread;
  };
  const timers: (() => void)[] = [];
  const later = (act: () => void, delayMs: number) => {
    expect(delayMs).toBe(100);
    timers.push(act);
    return () => void timers.splice(0, timers.length, ...timers.filter((timer) => timer !== act));
  };
  const run = new QueryRun(open, () => clock.now, later);
  /** The timer goes off. */
  const ring = () => timers.shift()?.();
  return { run, threads, clock, timers, ring };
}

const counts = { bytesScanned: 1, bytesProcessed: 1, bytesReturned: 1 };
const batch = (text: string) => ({
  bytes: new TextEncoder().encode(text),
  ends: Uint32Array.of(text.length - 1),
});
const rows = (text: string): RunMessage => ({ type: "rows", batch: batch(text), columns: null });

describe("a run", () => {
  test("asks in a thread that was opened ahead, and tells what comes", () => {
    const { run, threads, clock } = scene();
    run.prepare();
    run.ask({ key: "a" });
    expect(threads).toHaveLength(1);
    expect(threads[0]?.orders).toEqual([{ type: "ask", body: '{"key":"a"}' }]);
    clock.now = 1040;
    threads[0]?.say(rows('{"a":1}\n'));
    threads[0]?.say(rows('{"a":2}\n'));
    expect([run.rowCount, run.firstRowMs]).toEqual([1, 40]);
    threads[0]?.say({ type: "counts", counts });
    clock.now = 1100;
    const outcome = { kind: "done", engine: "embedded", isCached: false } as const;
    threads[0]?.say({ type: "over", outcome });
    expect(run.state).toEqual({ kind: "over", startedAt: 1000, elapsedMs: 100, outcome });
    expect([threads[0]?.isTerminated, run.counts, run.rowCount]).toEqual([true, counts, 2]);
  });

  test("shows the first row at once, and the others ten times a second", () => {
    const { run, threads, timers, ring } = scene();
    run.ask({});
    threads[0]?.say({ type: "counts", counts });
    expect(run.counts).toEqual(counts);
    threads[0]?.say(rows("{}\n"));
    expect([run.rowCount, timers.length]).toEqual([1, 1]);
    for (let more = 0; more < 3; more += 1) threads[0]?.say(rows("{}\n"));
    threads[0]?.say({ type: "counts", counts: { ...counts, bytesScanned: 2 } });
    expect([run.rowCount, run.counts?.bytesScanned]).toEqual([1, 1]);
    ring();
    expect([run.rowCount, run.counts?.bytesScanned]).toEqual([4, 2]);
    ring();
    expect(timers).toHaveLength(0);
    threads[0]?.say(rows("{}\n"));
    expect([run.rowCount, timers.length]).toEqual([5, 1]);
    threads[0]?.say({ type: "over", outcome: { kind: "stopped" } });
    expect(timers).toHaveLength(0);
  });

  test("says of each batch that it was taken", () => {
    const { run, threads } = scene();
    run.ask({});
    threads[0]?.say(rows("{}\n"));
    threads[0]?.say(rows("{}\n"));
    expect(threads[0]?.orders.slice(1)).toEqual([{ type: "taken" }, { type: "taken" }]);
  });

  test("keeps what has come when it is stopped", () => {
    const { run, threads } = scene();
    run.ask({});
    threads[0]?.say(rows("{}\n"));
    run.stop();
    expect(threads[0]?.orders.at(-1)).toEqual({ type: "stop" });
    threads[0]?.say({ type: "over", outcome: { kind: "stopped" } });
    expect(run.rowCount).toBe(1);
  });

  test("hears no more of a query once another is asked", () => {
    const { run, threads } = scene();
    run.ask({});
    threads[0]?.say(rows("{}\n"));
    run.ask({});
    expect([run.rowCount, threads[0]?.isTerminated]).toEqual([0, true]);
    threads[0]?.say(rows("{}\n"));
    threads[0]?.say({ type: "over", outcome: { kind: "stopped" } });
    threads[0]?.fail("late");
    expect([run.rowCount, run.state.kind]).toEqual([0, "running"]);
  });

  test("fails where its thread does", () => {
    const { run, threads } = scene();
    run.ask({});
    threads[0]?.fail("Out of memory");
    expect(run.state).toMatchObject({
      outcome: { kind: "failed", problem: { detail: "Out of memory" } },
    });
  });

  test("lets go of everything when it is closed", () => {
    const { run, threads } = scene();
    run.ask({});
    threads[0]?.say(rows("{}\n"));
    run.prepare();
    run.close();
    expect(threads.map(({ isTerminated }) => isTerminated)).toEqual([true, true]);
    expect([run.rowCount, run.state.kind]).toEqual([0, "idle"]);
  });
});
