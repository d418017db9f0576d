import { describe, expect, test, vi } from "vitest";
import {
  createUploadViews,
  isShown,
  type MakeSubscriber,
} from "../../../../web/app/queue/upload-views.ts";
import { createScriptedUploader, scriptedView } from "../scripted-uploader.ts";

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

function setUp() {
  const uploader = createScriptedUploader();
  const { make, watch } = scriptedEffects();
  const views = createUploadViews(uploader, make);
  uploader.put(scriptedView({ id: "a" }), scriptedView({ id: "b" }));
  return { uploader, views, watch };
}

describe("createUploadViews", () => {
  test("progress of one upload runs its own row again and no other", () => {
    const { uploader, views, watch } = setUp();
    const rowA = watch(() => views.view("a"));
    const rowB = watch(() => views.view("b"));
    uploader.change("a", { sentBytes: 10 });
    expect(rowA).toHaveBeenCalledTimes(1);
    expect(rowB).not.toHaveBeenCalled();
  });

  test("progress leaves the list alone, and the list the same object", () => {
    const { uploader, views, watch } = setUp();
    const list = watch(() => views.ids("all"));
    const before = views.ids("all");
    uploader.change("a", { sentBytes: 10 });
    expect(list).not.toHaveBeenCalled();
    expect(views.ids("all")).toBe(before);
  });

  test("a new state moves an upload from one filter to another", () => {
    const { uploader, views, watch } = setUp();
    const list = watch(() => views.ids("active"));
    const problem = { code: "internal", detail: "" };
    uploader.change("a", { state: { kind: "failed", problem } });
    expect(list).toHaveBeenCalledTimes(1);
    expect(views.ids("active")).toEqual(["b"]);
    expect(views.ids("failed")).toEqual(["a"]);
  });

  test("added and removed uploads run the list again", () => {
    const { uploader, views, watch } = setUp();
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

  test("totals run again with every change", () => {
    const { uploader, views, watch } = setUp();
    const totals = watch(() => views.totals());
    uploader.change("b", { sentBytes: 5 });
    expect(totals).toHaveBeenCalledTimes(1);
    expect(views.totals().sentBytes).toBe(5);
  });

  test("close ends the subscription", () => {
    const { uploader, views } = setUp();
    views.close();
    expect(uploader.subscriberCount()).toBe(0);
  });
});

test("a cancelled upload is neither active nor done", () => {
  expect(isShown("cancelled", "all")).toBe(true);
  expect(isShown("cancelled", "active")).toBe(false);
  expect(isShown("cancelled", "done")).toBe(false);
});
