import { describe, expect, it } from "vitest";
import type { Listing } from "../../../server/s3/index.ts";
import { grant, serve } from "../scripted-app.ts";
import { NOW, storedObject } from "../scripted-storage.ts";

function scene() {
  const served = serve();
  for (const key of ["ada/a.csv", "ada/b.csv", "bob/c.csv"]) {
    served.objects.set(key, storedObject({ sizeBytes: key.length, etag: `"${key}"` }));
  }
  const list = async (search: string, claims?: Record<string, unknown>) => {
    const headers = claims ? { authorization: await grant(claims) } : {};
    const answer = await served.ask("GET", `/api/objects${search}`, undefined, headers);
    const keys = answer.body.objects?.map(({ key }: { key: string }) => key);
    return { status: answer.status, body: answer.body, keys };
  };
  return { ...served, list };
}

describe("GET /api/objects", () => {
  it("lists what begins with a prefix", async () => {
    const { list } = scene();
    const { status, body } = await list("?prefix=bob/");
    expect(status).toBe(200);
    expect(body).toEqual({
      objects: [
        {
          key: "bob/c.csv",
          sizeBytes: 9,
          etag: '"bob/c.csv"',
          lastModified: "2026-11-23T12:00:00.000Z",
          storageClass: "STANDARD",
        },
      ],
      prefixes: [],
      nextCursor: null,
    });
  });

  it("passes delimiter, limit and cursor on", async () => {
    const { list, calls } = scene();
    await list("?delimiter=/&limit=20&cursor=abc");
    const asked = { prefix: "", limit: 20, cursor: "abc", delimiter: "/" };
    expect(calls).toEqual([`list ${JSON.stringify(asked)}`]);
  });

  it.each(["?limit=0", "?limit=1001", "?limit=1.5", "?limit=many", `?prefix=${"a".repeat(1025)}`])(
    "refuses %s",
    async (search) => {
      const { status, body } = await scene().list(search);
      expect([status, body.code]).toEqual([400, "bad-request"]);
    },
  );

  it.each(["query", "download", "admin"])("serves a grant for %s", async (scope) => {
    expect((await scene().list("", { scope })).status).toBe(200);
  });

  it("refuses a grant for uploads alone", async () => {
    const { status, body } = await scene().list("", { scope: "upload" });
    expect([status, body.code]).toEqual([403, "forbidden"]);
  });

  it("shows no more than the grant's prefix, however little of it is typed", async () => {
    const { list } = scene();
    const claims = { scope: "query", prefix: "ada/" };
    for (const search of ["", "?prefix=a", "?prefix=ada/"]) {
      expect((await list(search, claims)).keys).toEqual(["ada/a.csv", "ada/b.csv"]);
    }
    expect((await list("?prefix=ada/b", claims)).keys).toEqual(["ada/b.csv"]);
    expect((await list("?prefix=bob/", claims)).status).toBe(403);
  });

  it("hides the server's own keys, and turns no page of them", async () => {
    const asked: Listing[] = [];
    const object = (key: string) => ({
      key,
      sizeBytes: 1,
      etag: '"e"',
      lastModified: NOW,
      storageClass: "STANDARD",
    });
    const { ask } = serve({
      storage: {
        listObjects: async (listing: Listing) => {
          asked.push(listing);
          return listing.startAfter === undefined
            ? { objects: [object(".sluice/uploads/1")], prefixes: [".sluice/"], nextCursor: "c" }
            : { objects: [object("a")], prefixes: ["b/"], nextCursor: null };
        },
      },
    });
    const { body } = await ask("GET", "/api/objects?cursor=b");
    expect(body).toMatchObject({ objects: [{ key: "a" }], prefixes: ["b/"], nextCursor: null });
    expect(asked).toEqual([
      { prefix: "", limit: 1000, cursor: "b" },
      { prefix: "", limit: 1000, startAfter: ".sluice/\u{10FFFF}" },
    ]);
  });

  it("goes on behind keys that would become the server's own, one page after the other", async () => {
    const asked: Listing[] = [];
    const key = "a/../.sluice/1";
    const { ask } = serve({
      storage: {
        listObjects: async (listing: Listing) => {
          asked.push(listing);
          const object = { key, sizeBytes: 1, etag: "", lastModified: NOW, storageClass: "S" };
          return { objects: [object], prefixes: [], nextCursor: "c" };
        },
      },
    });
    const { body } = await ask("GET", "/api/objects?cursor=b");
    expect(body).toEqual({ objects: [], prefixes: [], nextCursor: "c" });
    expect(asked).toEqual([{ prefix: "", limit: 1000, cursor: "b" }]);
  });

  it.each([".sluice", ".sluice/", ".sluice/uploads/", "a/../.sluice/"])(
    "refuses to list %s for anybody",
    async (prefix) => {
      const { status, body } = await scene().list(`?prefix=${encodeURIComponent(prefix)}`);
      expect([status, body.code]).toEqual([403, "forbidden"]);
    },
  );
});
