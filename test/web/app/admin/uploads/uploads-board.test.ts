import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { IncompleteUpload } from "../../../../../shared/admin-api.ts";
import { NO_CRITERIA } from "../../../../../web/app/admin/uploads/arrangement.ts";
import { UploadsBoard } from "../../../../../web/app/admin/uploads/uploads-board.svelte.ts";
import type { UploadsApi } from "../../../../../web/app/admin/uploads/uploads-api.ts";
import { aPage, anUpload, noWaits, shutOut } from "./some-uploads.ts";

function rig(uploads: IncompleteUpload[], parts: Partial<UploadsApi> = {}) {
  const api: UploadsApi = {
    list: async () => aPage(uploads),
    look: async (asked) => ({
      results: asked.map(() => ({
        state: "open" as const,
        partCount: 1,
        sizeBytes: 10,
        lastPartAt: null,
      })),
    }),
    abort: vi.fn<UploadsApi["abort"]>(async (asked) => ({
      results: asked.map(({ key, uploadId }) => ({ key, uploadId, aborted: true })),
    })),
    resumeLink: () => Promise.reject(shutOut),
    ...parts,
  };
  const onShutOut = vi.fn();
  const board = new UploadsBoard({ api, waits: noWaits(), onShutOut });
  return { board, api, onShutOut };
}

describe("a board of uploads", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("lists, measures and adds up", async () => {
    const { board } = rig([anUpload("a", { liveness: "paused" }), anUpload("b")]);
    board.refresh();
    await vi.advanceTimersByTimeAsync(1000);
    expect(board.listing.kind).toBe("complete");
    expect(board.measuring.kind).toBe("idle");
    expect(board.sums).toMatchObject({ count: 2, measured: 2, heldBytes: 20 });
    expect(board.sums.by.paused).toMatchObject({ count: 1, heldBytes: 10 });
  });

  test("what is no longer shown is no longer chosen", async () => {
    const { board } = rig(["a", "b", "ab"].map((key) => anUpload(key)));
    board.refresh();
    await vi.advanceTimersByTimeAsync(1000);
    board.choose((selection, view) => selection.selectAll(view));
    board.filter({ ...NO_CRITERIA, prefix: "a" });
    expect(board.selection.rows()).toEqual([0, 2]);
    await board.abort([0], false);
    expect([...board.view]).toEqual([2]);
    expect(board.selection.rows()).toEqual([2]);
    expect(board.sums.count).toBe(2);
  });

  test("says so where the server no longer knows who asks", async () => {
    const { board, onShutOut } = rig([anUpload("a")], { list: () => Promise.reject(shutOut) });
    board.refresh();
    await vi.advanceTimersByTimeAsync(1000);
    expect(onShutOut).toHaveBeenCalledOnce();
    const aborting = rig([anUpload("a")], { abort: () => Promise.reject(shutOut) });
    aborting.board.refresh();
    await vi.advanceTimersByTimeAsync(1000);
    await aborting.board.abort([0], false);
    expect(aborting.onShutOut).toHaveBeenCalledOnce();
    expect(aborting.board.isAborting).toBe(false);
  });

  test("begins anew without what it had", async () => {
    const pages = [aPage([anUpload("a")]), aPage([anUpload("b")])];
    const { board } = rig([], { list: async () => pages.shift() ?? aPage([]) });
    board.refresh();
    await vi.advanceTimersByTimeAsync(1000);
    board.choose((selection, view) => selection.selectAll(view));
    board.refresh("b");
    await vi.advanceTimersByTimeAsync(1000);
    expect(board.table.keys).toEqual(["b"]);
    expect(board.selection.size).toBe(0);
    expect(board.prefix).toBe("b");
  });
});
