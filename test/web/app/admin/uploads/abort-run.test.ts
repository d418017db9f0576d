import { describe, expect, test, vi } from "vitest";
import type { AbortUploadsResponse } from "../../../../../shared/admin-api.ts";
import { AbortRun } from "../../../../../web/app/admin/uploads/abort-run.ts";
import { livenessOf, setHeld } from "../../../../../web/app/admin/uploads/upload-table.ts";
import type { UploadsApi } from "../../../../../web/app/admin/uploads/uploads-api.ts";
import { anUpload, busy, noWaits, shutOut, tableOf } from "./some-uploads.ts";

const problem = (code: string) => ({
  type: "x",
  title: "x",
  status: 503,
  code,
  detail: `${code}!`,
});
const done: UploadsApi["abort"] = async (uploads) => ({
  results: uploads.map(({ key, uploadId }) => ({ key, uploadId, aborted: true })),
});

function rig(count: number, abort: UploadsApi["abort"], evenLive = false) {
  const table = tableOf(Array.from({ length: count }, (_, index) => anUpload(`k${index}`)));
  const asked = vi.fn(abort);
  const waits = noWaits();
  const rows = [...table.keys.keys()];
  const onChange = vi.fn();
  const run = new AbortRun(table, rows, evenLive, { ...waits, abort: asked, onChange });
  return { table, run, asked, waits, onChange };
}

describe("an abort run", () => {
  test("goes through all, fifty a request, three at once, and adds up what was freed", async () => {
    let underWay = 0;
    let most = 0;
    const { table, run, asked, onChange } = rig(420, async (uploads, evenLive) => {
      most = Math.max(most, ++underWay);
      await Promise.resolve();
      underWay -= 1;
      return done(uploads, evenLive);
    });
    for (let row = 0; row < 400; row += 1) {
      setHeld(table, row, { partCount: 1, sizeBytes: 5, lastPartAt: null });
    }
    await run.go();
    expect(run.tally).toMatchObject({ total: 420, aborted: 420, freedBytes: 2000, unmeasured: 20 });
    expect(asked.mock.calls.map(([uploads]) => uploads.length)).toEqual([
      ...Array.from({ length: 8 }, () => 50),
      20,
    ]);
    expect(asked.mock.calls.every(([, evenLive]) => !evenLive)).toBe(true);
    expect(asked.mock.calls[0]?.[0][0]).toEqual({
      key: "k0",
      uploadId: "id of k0",
      initiatedAt: "2026-11-27T12:00:00.000Z",
    });
    expect(most).toBe(3);
    expect(onChange).toHaveBeenCalledTimes(10);
    expect(table.ends.size).toBe(420);
  });

  test("has a place for everything: objects, what is alive, what failed, what has no answer", async () => {
    const outcomes: AbortUploadsResponse["results"] = [
      { key: "k0", uploadId: "0", aborted: false, completed: true },
      { key: "k1", uploadId: "1", aborted: false, problem: problem("upload-live") },
      { key: "k2", uploadId: "2", aborted: false, problem: problem("storage-denied") },
    ];
    const { table, run } = rig(4, async () => ({ results: outcomes }));
    await run.go();
    const { aborted, completed, live, failed } = run.tally;
    expect({ aborted, completed, live }).toEqual({ aborted: 0, completed: [0], live: [1] });
    expect([...failed]).toEqual([
      [2, { code: "storage-denied", detail: "storage-denied!" }],
      [3, { code: "bad-answer", detail: "The server did not say what became of it." }],
    ]);
    expect(livenessOf(table, 1)).toBe("uploading");
    expect([...table.ends]).toEqual([[0, "completed"]]);
  });

  test("tries again what may pass, alone", async () => {
    let requests = 0;
    const { run, asked, waits } = rig(
      3,
      async (uploads, evenLive) => {
        const { results } = await done(uploads, evenLive);
        const isFirst = requests++ === 0;
        const failed = { aborted: false, problem: problem("storage-busy") };
        return {
          results: results.map((one, index) =>
            isFirst && index > 0 ? { ...one, ...failed } : one,
          ),
        };
      },
      true,
    );
    await run.go();
    expect(run.tally).toMatchObject({ aborted: 3 });
    expect(asked.mock.calls.map(([uploads]) => uploads.map(({ key }) => key))).toEqual([
      ["k0", "k1", "k2"],
      ["k1", "k2"],
    ]);
    expect(asked.mock.calls.every(([, evenLive]) => evenLive)).toBe(true);
    expect(waits.delaysMs).toEqual([1000]);
  });

  test("asks again for a request without an answer", async () => {
    let failures = 0;
    const { run } = rig(1, async (uploads, evenLive) => {
      if (failures++ < 3) throw busy;
      return done(uploads, evenLive);
    });
    await run.go();
    expect(run.tally.aborted).toBe(1);
  });

  test("sends nothing more once it was stopped, and waits for what was sent", async () => {
    const answers: (() => void)[] = [];
    const { run, asked } = rig(1000, async (uploads, evenLive) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return done(uploads, evenLive);
    });
    const going = run.go();
    run.stop();
    expect(run.isStopping).toBe(true);
    expect(run.isOver).toBe(false);
    for (const answer of answers) answer();
    await going;
    expect(asked).toHaveBeenCalledTimes(3);
    expect(run.tally).toMatchObject({ total: 1000, aborted: 150 });
    expect(run.isOver).toBe(true);
  });

  test("ends where the server no longer lets this person in", async () => {
    const { run, asked } = rig(1000, () => Promise.reject(shutOut));
    await run.go();
    expect(run.shutOut).toBe(shutOut);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(3);
    expect(run.tally.failed.size).toBe(asked.mock.calls.length * 50);
  });
});
