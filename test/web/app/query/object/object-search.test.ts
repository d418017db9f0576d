import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BackendError, type ObjectListing } from "../../../../../web/app/backend.ts";
import { ObjectSearch } from "../../../../../web/app/query/object/object-search.svelte.ts";

const object = (key: string) => ({
  key,
  sizeBytes: 1,
  etag: "",
  lastModified: "2026-11-27T00:00:00Z",
  storageClass: "STANDARD",
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function scene() {
  const asked: ObjectListing[] = [];
  const search = new ObjectSearch(async (listing) => {
    asked.push(listing);
    if (listing.prefix === "no") throw new BackendError("forbidden", "no");
    return {
      objects: [object(`${listing.prefix}x${listing.cursor ?? ""}.csv`), object("folder/")],
      prefixes: listing.cursor === null ? [`${listing.prefix}dir/`] : [],
      nextCursor: listing.cursor === null ? "2" : null,
    };
  });
  return { asked, search };
}

describe("a search for objects", () => {
  test("waits until the typing has come to rest, and lists folders first", async () => {
    const { asked, search } = scene();
    for (const typed of ["s", "sa", "sal"]) search.search(typed);
    expect(search.state.kind).toBe("searching");
    await vi.advanceTimersByTimeAsync(200);
    expect(asked.map(({ prefix }) => prefix)).toEqual(["sal"]);
    expect(search.entries.map(({ kind, key }) => `${kind} ${key}`)).toEqual([
      "folder saldir/",
      "object salx.csv",
    ]);
  });

  test("adds a page at a time, as long as there are more", async () => {
    const { asked, search } = scene();
    search.search("a");
    await vi.advanceTimersByTimeAsync(200);
    expect(search.hasMore).toBe(true);
    await search.more();
    expect(search.entries.at(-1)?.key).toBe("ax2.csv");
    expect(search.hasMore).toBe(false);
    await search.more();
    expect(asked).toHaveLength(2);
  });

  test("says why it found nothing, and looks anew once it was forgotten", async () => {
    const { asked, search } = scene();
    search.search("no");
    await vi.advanceTimersByTimeAsync(200);
    expect(search.state).toMatchObject({ kind: "failed", problem: { code: "forbidden" } });
    search.search("no");
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toHaveLength(1);
    search.forget();
    search.search("no");
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toHaveLength(2);
  });
});
