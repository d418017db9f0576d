import { describe, expect, test, vi } from "vitest";
import { createUploadsApi } from "../../../../../web/app/admin/uploads/uploads-api.ts";
import type { Fetch } from "../../../../../web/app/backend.ts";
import { aPage, anUpload } from "./some-uploads.ts";

const { signal } = new AbortController();
const answer = (body: object) => vi.fn<Fetch>(async () => Response.json(body));

describe("the routes of incomplete uploads", () => {
  test("are asked page by page", async () => {
    const send = answer(aPage([anUpload("a")], "next"));
    const api = createUploadsApi(send);
    await api.list({ prefix: "", limit: 100, cursor: null }, signal);
    const page = await api.list({ prefix: "a&b/", limit: 1000, cursor: "x=" }, signal);
    expect(page.nextCursor).toBe("next");
    expect(send.mock.calls.map(([path]) => path)).toEqual([
      "/api/admin/uploads?limit=100",
      "/api/admin/uploads?limit=1000&prefix=a%26b%2F&cursor=x%3D",
    ]);
  });

  test("hear of a second yes only where there was one", async () => {
    const send = answer({ results: [] });
    const api = createUploadsApi(send);
    const uploads = [{ key: "a", uploadId: "1" }];
    await api.abort(uploads, false);
    await api.abort(uploads, true);
    expect(send.mock.calls.map(([, init]) => init.body)).toEqual([
      JSON.stringify({ uploads }),
      JSON.stringify({ uploads, evenLive: true }),
    ]);
  });

  test("answer what was agreed, or it is a problem", async () => {
    const api = createUploadsApi(answer({ uploads: [{ key: "a" }] }));
    const asked = api.list({ prefix: "", limit: 1, cursor: null }, signal);
    await expect(asked).rejects.toMatchObject({ code: "bad-answer" });
  });
});
