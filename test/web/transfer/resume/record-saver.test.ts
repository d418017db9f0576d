import { describe, expect, test } from "vitest";
import { createRecordSaver } from "../../../../web/transfer/resume/record-saver.ts";
import type { ResumeStore } from "../../../../web/transfer/resume/resume-store.ts";
import type { TransferError } from "../../../../web/transfer/problem.ts";
import { createFakeClock, rest } from "../rig/fake-clock.ts";
import { createMemoryResumeStore } from "./memory-resume-store.ts";
import { recordOf } from "./records.ts";

const HANDLE = { kind: "file", name: "film.mp4" } as FileSystemFileHandle;

/** A saver over a store that writes down its calls, and answers them when told. */
function scene() {
  const clock = createFakeClock();
  const memory = createMemoryResumeStore(() => clock.now());
  const calls: string[] = [];
  const failures: TransferError[] = [];
  let door: Promise<void> = Promise.resolve();
  const store: ResumeStore = {
    load: () => memory.load(),
    async save(record, handle) {
      calls.push(`${record.recordId} ${record.updatedAt}${handle ? " with handle" : ""}`);
      await memory.save(record, handle);
      await door;
    },
    async remove(recordId) {
      calls.push(`remove ${recordId}`);
      await memory.remove(recordId);
    },
  };
  const saver = createRecordSaver(store, clock, (error) => failures.push(error));
  return {
    clock,
    memory,
    calls,
    failures,
    saver,
    save: (updatedAt: number, handle?: FileSystemFileHandle | null, recordId = "a") =>
      saver.save(recordOf({ recordId, updatedAt }), handle),
    /** Saves that start from now on end when the answer is called. */
    hold(): () => void {
      let open: () => void = () => undefined;
      door = new Promise((resolve) => {
        open = resolve;
      });
      return open;
    },
  };
}

describe("a record saver", () => {
  test("writes the first record at once and the newest a second later", async () => {
    const { clock, save, calls } = scene();
    save(1);
    expect(calls).toEqual(["a 1"]);
    save(2);
    save(3);
    await clock.advance(999);
    expect(calls).toEqual(["a 1"]);
    await clock.advance(1);
    expect(calls).toEqual(["a 1", "a 3"]);
  });

  test("writes at once again where a second went by without one, and rests then", async () => {
    const { clock, save, calls } = scene();
    save(1);
    await clock.advance(5000);
    save(2);
    expect(calls).toEqual(["a 1", "a 2"]);
    await clock.advance(5000);
    expect(calls).toHaveLength(2);
    expect(clock.timerCount).toBe(0);
  });

  test("each record has a second of its own", () => {
    const { save, calls } = scene();
    save(1);
    save(1, undefined, "b");
    expect(calls).toEqual(["a 1", "b 1"]);
  });

  test("a store that is slow gets one save at a time", async () => {
    const { clock, save, calls, hold } = scene();
    const open = hold();
    save(1);
    save(2);
    await clock.advance(5000);
    expect(calls).toEqual(["a 1"]);
    open();
    await rest();
    expect(calls).toEqual(["a 1", "a 2"]);
  });

  test("a clock that is set back delays nothing by more than a second", async () => {
    const { clock, save, calls } = scene();
    save(1);
    await rest();
    const setBack = clock.now() - 3_600_000;
    Object.assign(clock, { now: () => setBack });
    save(2);
    await clock.advance(1000);
    expect(calls).toEqual(["a 1", "a 2"]);
  });

  test("keeps a handle whose record was superseded", async () => {
    const { clock, save, calls, memory } = scene();
    save(1);
    save(2, HANDLE);
    save(3);
    await clock.advance(1000);
    expect(calls).toEqual(["a 1", "a 3 with handle"]);
    expect(memory.rows.get("a")?.handle).toBe(HANDLE);
  });

  test("writes a handle once, however often it comes along", async () => {
    const { clock, save, calls, memory } = scene();
    save(1, HANDLE);
    await clock.advance(1000);
    save(2, HANDLE);
    await clock.advance(1000);
    save(3, null);
    await clock.advance(1000);
    save(4, HANDLE);
    await clock.advance(1000);
    expect(calls).toEqual(["a 1 with handle", "a 2", "a 3", "a 4 with handle"]);
    expect(memory.rows.get("a")?.handle).toBe(HANDLE);
  });

  test("flushing writes at once what waits, also while a save is under way", async () => {
    const { clock, save, calls, saver, hold, memory } = scene();
    const open = hold();
    save(1);
    save(2);
    const flushed = saver.flush();
    expect(calls).toEqual(["a 1", "a 2"]);
    open();
    await flushed;
    expect(memory.rows.get("a")?.record.updatedAt).toBe(2);
    expect(clock.timerCount).toBe(0);
  });

  test("flushing with nothing to write writes nothing", async () => {
    const { save, calls, saver } = scene();
    save(1);
    await saver.flush();
    expect(calls).toEqual(["a 1"]);
  });

  test("removing wins over what waits, over what is under way, and over what comes", async () => {
    const { clock, save, calls, saver, hold, memory } = scene();
    const open = hold();
    save(1);
    save(2);
    await saver.remove("a");
    save(3);
    open();
    await clock.advance(5000);
    await saver.flush();
    expect(calls).toEqual(["a 1", "remove a"]);
    expect(memory.rows.size).toBe(0);
    expect(clock.timerCount).toBe(0);
  });

  test("tells once that nothing is remembered, and goes on trying", async () => {
    const { clock, save, saver, failures, memory } = scene();
    memory.fault = new DOMException("full", "QuotaExceededError");
    save(1, HANDLE);
    await clock.advance(1000);
    save(2);
    await clock.advance(1000);
    await saver.remove("b");
    expect(failures).toMatchObject([{ code: "not-remembered", remedy: "permanent" }]);
    memory.fault = null;
    save(3);
    await clock.advance(1000);
    expect(memory.rows.get("a")).toMatchObject({ record: { updatedAt: 3 }, handle: HANDLE });
  });
});
