import { describe, expect, test, vi } from "vitest";
import type { HeldPartsResults, IncompleteUpload } from "../../../../../shared/admin-api.ts";
import {
  MAX_NAMED,
  simulateAbortRule,
  type Simulation,
} from "../../../../../web/app/admin/bucket/lifecycle/simulation.ts";
import {
  dangerSentence,
  freedSentence,
  moreSentences,
} from "../../../../../web/app/admin/bucket/lifecycle/simulation-text.ts";
import { aPage, anUpload, daysAgo, noWaits, shutOut } from "../uploads/some-uploads.ts";

const GiB = 1024 ** 3;

type Held = HeldPartsResults["results"][number];

function held(sizeBytes: number, lastPartAt: string | null = null): Held {
  return { state: "open", partCount: 1, sizeBytes, lastPartAt };
}

/** Pages of uploads, each of which holds a gibibyte unless it is said otherwise. */
function rig(pages: IncompleteUpload[][], ofUpload = (_key: string): Held => held(GiB)) {
  const list = vi.fn(async ({ cursor }: { cursor: string | null }) => {
    const index = Number(cursor ?? 0);
    return aPage(pages[index] ?? [], index + 1 < pages.length ? String(index + 1) : null);
  });
  const look = vi.fn(async (uploads: readonly { key: string }[]) => ({
    results: uploads.map(({ key }) => ofUpload(key)),
  }));
  const told: Simulation[] = [];
  const ports = {
    ...noWaits(),
    api: { list, look },
    onProgress: (one: Simulation) => told.push(one),
  };
  return { ports, list, look, told };
}

const never = new AbortController().signal;

describe("a simulation of the rule that ends incomplete uploads", () => {
  test("adds up what would end at once, over all pages, and what that saves a month", async () => {
    const old = (key: string) => anUpload(key, { initiatedAt: daysAgo(30), liveness: "abandoned" });
    const { ports, list, told } = rig([[old("a"), anUpload("new")], [old("b")]]);
    const found = await simulateAbortRule(7, [], ports, never);
    expect(list).toHaveBeenCalledTimes(2);
    expect(found).toMatchObject({ listed: 3, dueCount: 2, measured: 2, freedBytes: 2 * GiB });
    expect(found.savedUsdPerMonth).toBeCloseTo(0.046);
    expect(found).toMatchObject({ laterCount: 1, endangeredCount: 0 });
    expect(freedSentence(found)).toBe(
      "It would end 2 uploads at once and free 2.1 GB, which saves $0.05 a month.",
    );
    expect(told.map(({ listed }) => listed)).toEqual([2, 2, 3, 3]);
  });

  test("names what is alive or can be resumed, the first to end in front", async () => {
    const { ports } = rig([
      [
        anUpload("paused", { initiatedAt: daysAgo(2), liveness: "paused", owner: "ada" }),
        anUpload("live", { initiatedAt: daysAgo(9), liveness: "uploading" }),
        anUpload("dead", { initiatedAt: daysAgo(9), liveness: "abandoned" }),
      ],
    ]);
    const found = await simulateAbortRule(7, [], ports, never);
    expect(found.endangered).toMatchObject([
      { key: "live", life: "uploading", endsAtMs: Date.parse("2026-11-27T00:00:00Z") },
      { key: "paused", life: "paused", owner: "ada", endsAtMs: Date.parse("2026-12-04T00:00:00Z") },
    ]);
    expect(dangerSentence(found)).toBe("2 uploads that somebody may still want would be ended:");
  });

  test("takes an upload of nobody knows whom for alive where a part came within a day", async () => {
    const strange = (key: string) => anUpload(key, { initiatedAt: daysAgo(30) });
    const { ports } = rig([[strange("old"), strange("fresh")]], (key) =>
      held(1, daysAgo(key === "fresh" ? 0.5 : 3)),
    );
    const found = await simulateAbortRule(7, [], ports, never);
    expect(found.endangered).toMatchObject([{ key: "fresh", life: "recent" }]);
    expect(moreSentences(found)).toContainEqual(expect.stringContaining("of other programs"));
  });

  test("leaves out what another rule ends as soon", async () => {
    const uploads = [
      anUpload("tmp/a", { initiatedAt: daysAgo(9), liveness: "paused" }),
      anUpload("tmp/b", { initiatedAt: daysAgo(1), liveness: "paused" }),
      anUpload("film", { initiatedAt: daysAgo(9), liveness: "abandoned" }),
    ];
    const { ports, look } = rig([uploads]);
    const found = await simulateAbortRule(7, [{ prefix: "tmp/", days: 3 }], ports, never);
    expect(found).toMatchObject({ dueCount: 1, laterCount: 0, endangeredCount: 0 });
    expect(look.mock.calls.map(([asked]) => asked.map(({ key }) => key))).toEqual([["film"]]);
  });

  test("asks for a hundred at once, keeps the first hundred names, and counts all", async () => {
    const uploads = Array.from({ length: 250 }, (_, index) =>
      anUpload(`k${index}`, { initiatedAt: daysAgo(10 + index), liveness: "paused" }),
    );
    const { ports, look } = rig([uploads]);
    const found = await simulateAbortRule(7, [], ports, never);
    expect(look.mock.calls.map(([asked]) => asked.length)).toEqual([100, 100, 50]);
    expect(found.endangered).toHaveLength(MAX_NAMED);
    expect(found.endangered[0]?.key).toBe("k249");
    expect(found.endangeredCount).toBe(250);
  });

  test("says that it is less than all where some could not be measured", async () => {
    const failed: Held = {
      state: "failed",
      problem: {
        type: "about:blank",
        title: "No",
        status: 403,
        code: "storage-denied",
        detail: "no",
      },
    };
    const old = (key: string) => anUpload(key, { initiatedAt: daysAgo(30), liveness: "abandoned" });
    const { ports } = rig([[old("a"), old("b")]], (key) => (key === "a" ? held(GiB) : failed));
    const found = await simulateAbortRule(7, [], ports, never);
    expect(freedSentence(found)).toContain("free at least 1.1 GB");
    expect(moreSentences(found)).toContain("1 of 2 could be measured.");
  });

  test("ends with what the server says, and with the signal", async () => {
    const { ports } = rig([[]]);
    ports.api.list.mockRejectedValueOnce(shutOut);
    await expect(simulateAbortRule(7, [], ports, never)).rejects.toBe(shutOut);
    const control = new AbortController();
    control.abort(new Error("left"));
    ports.api.list.mockImplementation(async () => {
      control.signal.throwIfAborted();
      return aPage([]);
    });
    await expect(simulateAbortRule(7, [], ports, control.signal)).rejects.toThrow("left");
  });
});
