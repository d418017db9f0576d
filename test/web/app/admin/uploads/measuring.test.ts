import { describe, expect, test, vi } from "vitest";
import type { HeldPartsResults } from "../../../../../shared/admin-api.ts";
import { Measuring, type MeasuringState } from "../../../../../web/app/admin/uploads/measuring.ts";
import { isMeasured } from "../../../../../web/app/admin/uploads/upload-table.ts";
import type { UploadsApi } from "../../../../../web/app/admin/uploads/uploads-api.ts";
import { anUpload, busy, noWaits, shutOut, tableOf } from "./some-uploads.ts";

const held = { state: "open" as const, partCount: 2, sizeBytes: 10, lastPartAt: null };

function rig(count: number, look: UploadsApi["look"]) {
  const table = tableOf(Array.from({ length: count }, (_, index) => anUpload(`k${index}`)));
  const states: MeasuringState[] = [];
  const asked = vi.fn(look);
  const measuring = new Measuring(table, {
    ...noWaits(),
    look: asked,
    onMeasured: () => undefined,
    onState: (state) => states.push(state),
  });
  const isOver = () => vi.waitFor(() => expect(states.at(-1)?.kind).not.toBe("measuring"));
  return { table, states, measuring, asked, isOver };
}

const all: UploadsApi["look"] = async (uploads) => ({ results: uploads.map(() => held) });

describe("measuring", () => {
  test("counts the parts of each row once, a hundred a request", async () => {
    const { table, measuring, asked, states, isOver } = rig(250, all);
    measuring.go();
    await isOver();
    expect(states.at(-1)).toEqual({ kind: "idle" });
    expect(table.heldBytes).toEqual(Array.from({ length: 250 }, () => 10));
    expect(asked.mock.calls.map(([uploads]) => uploads.length)).toEqual([100, 100, 50]);
  });

  test("takes what is in sight first, also while the rest is paused, and at most three requests at once", async () => {
    const answers: (() => void)[] = [];
    const { measuring, asked } = rig(1000, async (uploads, signal) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return all(uploads, signal);
    });
    measuring.go();
    measuring.see([900, 901]);
    measuring.see([902]);
    expect(asked.mock.calls.map(([uploads]) => uploads.length)).toEqual([100, 100, 2]);
    measuring.pause();
    for (const answer of answers) answer();
    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(4));
    expect(asked.mock.calls[3]?.[0]).toEqual([{ key: "k902", uploadId: "id of k902" }]);
  });

  test("marks what is gone, and tries again what failed when it is told to", async () => {
    const results: HeldPartsResults["results"] = [
      held,
      { state: "gone" },
      {
        state: "failed",
        problem: { type: "x", title: "x", status: 502, code: "storage-error", detail: "no" },
      },
    ];
    const look = vi.fn<UploadsApi["look"]>(async () => ({ results }));
    const { table, measuring, isOver } = rig(3, look);
    measuring.go();
    await isOver();
    expect([...table.ends]).toEqual([[1, "gone"]]);
    expect([...measuring.failed]).toEqual([[2, "storage-error"]]);
    look.mockImplementation(all);
    measuring.go();
    await isOver();
    expect(look).toHaveBeenCalledTimes(1);
    measuring.again();
    await isOver();
    expect(measuring.failed.size).toBe(0);
    expect(isMeasured(table, 2)).toBe(true);
    expect(look.mock.calls[1]?.[0]).toHaveLength(1);
  });

  test("asks again while the storage is busy, and gives up where that is no use", async () => {
    let failures = 0;
    const { table, measuring, isOver } = rig(1, async (uploads, signal) => {
      if (failures++ < 2) throw busy;
      return all(uploads, signal);
    });
    measuring.go();
    await isOver();
    expect(table.heldBytes).toEqual([10]);
    const refused = rig(300, () => Promise.reject(shutOut));
    refused.measuring.go();
    await refused.isOver();
    expect(refused.states.at(-1)).toEqual({ kind: "failed", problem: shutOut });
    expect(refused.asked.mock.calls.length).toBeLessThanOrEqual(2);
  });
});
