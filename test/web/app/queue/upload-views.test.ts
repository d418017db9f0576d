import { describe, expect, test, vi } from "vitest";
import {
  createUploadViews,
  isShown,
  type Later,
  type MakeSubscriber,
} from "../../../../web/app/queue/upload-views.ts";
import { createScriptedUploader, scriptedResumable, scriptedView } from "../scripted-uploader.ts";

/** Svelte's `createSubscriber` without Svelte: the effect in `running` is told, once it tracked. */
function scriptedEffects() {
  let running: (() => void) | null = null;
  const make: MakeSubscriber = (start) => {
    const effects = new Set<() => void>();
    let started = false;
    return () => {
      if (!running) return;
      effects.add(running);
      if (!started) start(() => effects.forEach((effect) => effect()));
      started = true;
    };
  };
  const watch = (read: () => void) => {
    const rerun = vi.fn<() => void>();
    running = rerun;
    read();
    running = null;
    return rerun;
  };
  return { make, watch };
}

/** Rests that a test ends; where `isPatient` is false each ends at once. */
function scriptedRests(isPatient: boolean) {
  const waiting = new Set<() => void>();
  const later: Later = (callback) => {
    if (isPatient) waiting.add(callback);
    else queueMicrotask(callback);
    return () => waiting.delete(callback);
  };
  const end = () => {
    const due = [...waiting];
    waiting.clear();
    for (const callback of due) callback();
  };
  return { later, end, count: () => waiting.size };
}

async function setUp(isPatient = false) {
  const uploader = createScriptedUploader();
  const { make, watch } = scriptedEffects();
  const rests = scriptedRests(isPatient);
  const views = createUploadViews(uploader, make, rests.later);
  uploader.put(scriptedView({ id: "a" }), scriptedView({ id: "b" }));
  await Promise.resolve();
  rests.end();
  return { uploader, views, watch, rests };
}

describe("createUploadViews", () => {
  test("progress of one upload runs its own row again and no other", async () => {
    const { uploader, views, watch } = await setUp();
    const rowA = watch(() => views.view("a"));
    const rowB = watch(() => views.view("b"));
    uploader.change("a", { sentBytes: 10 });
    expect(rowA).toHaveBeenCalledTimes(1);
    expect(rowB).not.toHaveBeenCalled();
  });

  test("progress leaves the list alone, and the list the same object", async () => {
    const { uploader, views, watch } = await setUp();
    const list = watch(() => views.ids("all"));
    const before = views.ids("all");
    uploader.change("a", { sentBytes: 10 });
    expect(list).not.toHaveBeenCalled();
    expect(views.ids("all")).toBe(before);
  });

  test("a new state moves an upload from one filter to another", async () => {
    const { uploader, views, watch } = await setUp();
    const list = watch(() => views.ids("active"));
    const problem = { code: "internal", detail: "" };
    uploader.change("a", { state: { kind: "failed", problem } });
    expect(list).toHaveBeenCalledTimes(1);
    expect(views.ids("active")).toEqual(["b"]);
    expect(views.ids("failed")).toEqual(["a"]);
  });

  test("another state leaves the list of all alone, and the list the same object", async () => {
    const { uploader, views, watch } = await setUp();
    const list = watch(() => views.ids("all"));
    const before = views.ids("all");
    uploader.change("a", { state: { kind: "uploading" } });
    expect(list).not.toHaveBeenCalled();
    expect(views.ids("all")).toBe(before);
  });

  test("changes that follow each other closely are shown together", async () => {
    const { uploader, views, watch, rests } = await setUp(true);
    const row = watch(() => views.view("a"));
    const totals = watch(() => views.totals());
    uploader.change("a", { sentBytes: 1 });
    expect(row).toHaveBeenCalledTimes(1);
    uploader.change("a", { sentBytes: 2 });
    uploader.change("a", { state: { kind: "uploading" } });
    expect(row).toHaveBeenCalledTimes(1);
    rests.end();
    expect(row).toHaveBeenCalledTimes(2);
    expect(totals).toHaveBeenCalledTimes(2);
    rests.end();
    expect(rests.count()).toBe(0);
  });

  test("what comes or goes is shown at once, also within a rest", async () => {
    const { uploader, views, watch, rests } = await setUp(true);
    const list = watch(() => views.ids("all"));
    uploader.change("a", { sentBytes: 1 });
    uploader.put(scriptedView({ id: "c" }));
    expect(list).toHaveBeenCalledTimes(1);
    uploader.remove("a");
    expect(list).toHaveBeenCalledTimes(2);
    expect(views.ids("all")).toEqual(["b", "c"]);
    expect(rests.count()).toBe(1);
  });

  test("added and removed uploads run the list again", async () => {
    const { uploader, views, watch } = await setUp();
    const list = watch(() => views.ids("all"));
    uploader.put(scriptedView({ id: "c" }));
    uploader.remove("a");
    expect(list).toHaveBeenCalledTimes(2);
    expect(views.ids("all")).toEqual(["b", "c"]);
  });

  test("knows uploads that were there before it", () => {
    const uploader = createScriptedUploader();
    uploader.put(scriptedView({ id: "a" }), scriptedView({ id: "b" }));
    const { make, watch } = scriptedEffects();
    const views = createUploadViews(uploader, make);
    const list = watch(() => views.ids("all"));
    uploader.remove("a");
    expect(list).toHaveBeenCalledTimes(1);
    expect(views.ids("all")).toEqual(["b"]);
  });

  test("totals run again with every change", async () => {
    const { uploader, views, watch } = await setUp();
    const totals = watch(() => views.totals());
    uploader.change("b", { sentBytes: 5 });
    expect(totals).toHaveBeenCalledTimes(1);
    expect(views.totals().sentBytes).toBe(5);
  });

  test("totals are added up once for all who read them", async () => {
    const { uploader, views } = await setUp();
    const before = views.totals();
    expect(views.totals()).toBe(before);
    uploader.change("b", { sentBytes: 5 });
    expect(views.totals()).not.toBe(before);
  });

  test("what earlier visits left runs again at once when that changes, and with nothing else", async () => {
    const { uploader, views, watch } = await setUp(true);
    const left = watch(() => views.resumable());
    uploader.change("a", { sentBytes: 1 });
    expect(left).not.toHaveBeenCalled();
    uploader.setResumable([scriptedResumable({ id: "r" })]);
    expect(left).toHaveBeenCalledTimes(1);
    expect(views.resumable().map(({ id }) => id)).toEqual(["r"]);
    uploader.put(scriptedView({ id: "c" }));
    uploader.remove("a");
    expect(left).toHaveBeenCalledTimes(1);
    await uploader.takeUp("r");
    expect(left).toHaveBeenCalledTimes(2);
    expect(views.resumable()).toEqual([]);
  });

  test("close ends the subscription and the rest", async () => {
    const { uploader, views, rests } = await setUp(true);
    uploader.change("a", { sentBytes: 1 });
    views.close();
    expect(uploader.subscriberCount()).toBe(0);
    expect(rests.count()).toBe(0);
  });
});

test("a cancelled upload is neither active nor done", () => {
  expect(isShown("cancelled", "all")).toBe(true);
  expect(isShown("cancelled", "active")).toBe(false);
  expect(isShown("cancelled", "done")).toBe(false);
});
