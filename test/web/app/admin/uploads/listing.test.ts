import { describe, expect, test, vi } from "vitest";
import { createListing, type ListingState } from "../../../../../web/app/admin/uploads/listing.ts";
import type { UploadsApi } from "../../../../../web/app/admin/uploads/uploads-api.ts";
import { aPage, anUpload, busy, noWaits, shutOut } from "./some-uploads.ts";

function rig(list: UploadsApi["list"]) {
  const states: ListingState[] = [];
  const keys: string[] = [];
  const waits = noWaits();
  const asked = vi.fn(list);
  const listing = createListing("films/", {
    ...waits,
    list: asked,
    onPage: ({ uploads }) => keys.push(...uploads.map(({ key }) => key)),
    onState: (state) => states.push(state),
  });
  return { listing, states, keys, asked, waits };
}

/** Three pages of an upload each, named by their cursors. */
const pages: UploadsApi["list"] = async ({ cursor }) => {
  const next: Record<string, string | null> = { first: "second", second: "third", third: null };
  const name = cursor ?? "first";
  return aPage([anUpload(name)], next[name] ?? null);
};

describe("a listing", () => {
  test("takes all pages, the first of them small", async () => {
    const { listing, states, keys, asked } = rig(pages);
    await listing.go();
    expect(keys).toEqual(["first", "second", "third"]);
    expect(states.at(-1)).toEqual({ kind: "complete" });
    expect(asked.mock.calls.map(([page]) => page)).toEqual([
      { prefix: "films/", limit: 100, cursor: null },
      { prefix: "films/", limit: 1000, cursor: "second" },
      { prefix: "films/", limit: 1000, cursor: "third" },
    ]);
  });

  test("asks again for a page that was throttled, from its cursor, ever later, and says so", async () => {
    let failures = 0;
    const { listing, states, keys, asked, waits } = rig(async (page, signal) => {
      if (page.cursor === "second" && failures++ < 3) throw busy;
      return pages(page, signal);
    });
    await listing.go();
    expect(keys).toEqual(["first", "second", "third"]);
    expect(asked.mock.calls.map(([{ cursor }]) => cursor)).toEqual([
      null,
      "second",
      "second",
      "second",
      "second",
      "third",
    ]);
    expect(waits.delaysMs).toEqual([500, 1000, 2000]);
    expect(states.find(({ kind }) => kind === "waiting")).toMatchObject({ problem: busy });
  });

  test("fails at once where asking again is no use, and goes on from there when it is told to", async () => {
    let isOut = true;
    const { listing, states, keys, waits } = rig(async (page, signal) => {
      if (page.cursor === "third" && isOut) throw shutOut;
      return pages(page, signal);
    });
    await listing.go();
    expect(states.at(-1)).toEqual({ kind: "failed", problem: shutOut });
    expect(waits.delaysMs).toEqual([]);
    isOut = false;
    await listing.go();
    expect(keys).toEqual(["first", "second", "third"]);
    expect(states.at(-1)).toEqual({ kind: "complete" });
  });

  test("stops in the middle of a page, and loses nothing when it goes on", async () => {
    let stop = () => undefined as void;
    const { listing, states, keys } = rig(async (page, signal) => {
      if (page.cursor === "second") stop();
      return pages(page, signal);
    });
    stop = () => listing.stop();
    await listing.go();
    expect(states.at(-1)).toEqual({ kind: "stopped" });
    expect(keys).toEqual(["first"]);
    stop = () => undefined;
    await listing.go();
    expect(keys).toEqual(["first", "second", "third"]);
  });

  test("ends where a browser has had enough", async () => {
    const thousand = Array.from({ length: 1000 }, () => anUpload("k"));
    const { listing, states, keys } = rig(async () => aPage(thousand, "more"));
    await listing.go();
    expect(states.at(-1)).toEqual({ kind: "full" });
    expect(keys).toHaveLength(500_000);
  });
});
