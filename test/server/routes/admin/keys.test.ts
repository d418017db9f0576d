import { describe, expect, it } from "vitest";
import { KeySurveyLine, MAX_SURVEYED_KEYS } from "../../../../shared/admin-api.ts";
import { ProblemError } from "../../../../shared/problem.ts";
import type { ListedPage, Listing } from "../../../../server/s3/index.ts";
import { NOW } from "../../scripted-storage.ts";
import { serve } from "../../scripted-app.ts";

const PATH = "/api/admin/bucket/keys";

const objects = (keys: readonly string[]): ListedPage["objects"] =>
  keys.map((key) => ({
    key,
    sizeBytes: 10,
    etag: "",
    lastModified: NOW,
    storageClass: "STANDARD",
  }));

/** Pages by their cursors; the first has none. */
function scene(pageAt: (listing: Listing) => Promise<ListedPage>) {
  const asked: Listing[] = [];
  const served = serve({
    storage: {
      listObjects: (listing: Listing) => {
        asked.push(listing);
        return pageAt(listing);
      },
    },
  });
  const linesOf = async (search = "") => {
    const { status, body } = await served.ask("GET", PATH + search);
    expect(status, JSON.stringify(body)).toBe(200);
    const lines: string[] = body.trim().split("\n");
    return lines.map((line) => KeySurveyLine.parse(JSON.parse(line)));
  };
  return { ...served, asked, linesOf };
}

const page = (keys: readonly string[], nextCursor: string | null = null): ListedPage => ({
  objects: objects(keys),
  prefixes: [],
  nextCursor,
});

describe(PATH, () => {
  it("says of an empty bucket that it is empty", async () => {
    const [line, ...more] = await scene(async () => page([])).linesOf();
    expect(more).toEqual([]);
    expect(line).toMatchObject({ type: "survey", keysSeen: 0, done: true, lastKey: null });
  });

  it("tells what it has seen with the first page, and all of it at the end", async () => {
    const { linesOf, asked } = scene(async ({ cursor }) =>
      cursor === undefined ? page(["a/1", "a/2"], "more") : page(["b/1"]),
    );
    const [first, last, ...more] = await linesOf("?prefix=");
    expect(more).toEqual([]);
    expect(first).toMatchObject({ keysSeen: 2, bytes: 20, done: false });
    expect(last).toMatchObject({ keysSeen: 3, done: true, isPartial: false, lastKey: "b/1" });
    expect(last).toHaveProperty("tree.0", { parent: -1, label: "", count: 3, bytes: 30 });
    expect(last).toHaveProperty("strategies.length", 4);
    expect(asked).toMatchObject([{ prefix: "", limit: 1000 }, { cursor: "more" }]);
  });

  it("leaves the server's own keys out and steps over them", async () => {
    const own = Array.from({ length: 1000 }, (_, index) => `.sluice/uploads/${index}`);
    const { linesOf, asked } = scene(async ({ startAfter }) =>
      startAfter === undefined ? page(own, "a thousand pages of them") : page(["a"]),
    );
    expect((await linesOf()).at(-1)).toMatchObject({ keysSeen: 1, lastKey: "a" });
    expect(asked).toHaveLength(2);
    expect(asked[1]?.startAfter?.startsWith(".sluice/")).toBe(true);
  });

  it("refuses to look among the server's own keys", async () => {
    const { ask, asked } = scene(async () => page([]));
    const { status, body } = await ask("GET", `${PATH}?prefix=.sluice/uploads/`);
    expect([status, body.code]).toEqual([403, "forbidden"]);
    expect(asked).toEqual([]);
  });

  it("ends at 200,000 keys and says that there are more", async () => {
    let count = 0;
    const { linesOf, asked } = scene(async () =>
      page(
        Array.from({ length: 1000 }, () => `k${String((count += 1)).padStart(9, "0")}`),
        "more",
      ),
    );
    const last = (await linesOf()).at(-1);
    expect(last).toMatchObject({
      keysSeen: MAX_SURVEYED_KEYS,
      done: true,
      isPartial: true,
      sampledKeys: 1000,
      lastKey: "k000200000",
    });
    expect(asked).toHaveLength(200);
  });

  it("answers a bucket that refuses by the status", async () => {
    const { ask } = scene(async () => {
      throw new ProblemError("bucket-missing", "There is no bucket.");
    });
    const { status, body } = await ask("GET", PATH);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.code).toBe("bucket-missing");
  });

  it("tells of a fault on the way in a last line", async () => {
    const { linesOf, lines } = scene(async ({ cursor }) => {
      if (cursor !== undefined) throw new ProblemError("storage-busy", "Slow down.");
      return page(["a"], "more");
    });
    expect((await linesOf()).at(-1)).toEqual({
      type: "error",
      code: "storage-busy",
      detail: "Slow down.",
    });
    expect(lines.join("")).not.toContain("AbortError");
  });

  it("lets go of the listing at once when its reader leaves", async () => {
    const { app, asked } = scene(({ cursor, signal }) =>
      cursor === undefined
        ? Promise.resolve(page(["a"], "more"))
        : new Promise((_, reject) => {
            signal?.addEventListener("abort", () => reject(new Error("Left")), { once: true });
          }),
    );
    const headers = { host: "127.0.0.1:8080" };
    const response = await app.request(`http://127.0.0.1:8080${PATH}`, { headers });
    const reader = response.body?.getReader();
    await reader?.read();
    const pending = reader?.read();
    await expect.poll(() => asked.length).toBe(2);
    await reader?.cancel();
    expect(asked[1]?.signal?.aborted).toBe(true);
    expect((await pending)?.done).toBe(true);
  });
});
