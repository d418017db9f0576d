import { describe, expect, test } from "vitest";
import { type Fetch, createDownload, listObjects, loadConfig } from "../../../web/app/backend.ts";

const never = new AbortController().signal;
const answering =
  (body: string, status = 200): Fetch =>
  async () =>
    new Response(body, { status });

describe("loadConfig", () => {
  test("calls silence by its name and keeps the cause", async () => {
    const cause = new TypeError("Failed to fetch");
    const silent: Fetch = () => Promise.reject(cause);
    await expect(loadConfig(never, silent)).rejects.toMatchObject({
      code: "server-unreachable",
      cause,
    });
  });

  test("bears a network that changes under a request, once", async () => {
    let calls = 0;
    const changing: Fetch = async () => {
      calls += 1;
      if (calls === 1) throw new TypeError("network changed");
      return new Response("{}");
    };
    await expect(loadConfig(never, changing)).rejects.toMatchObject({ code: "bad-answer" });
    expect(calls).toBe(2);
  });

  test("rejects with the signal's reason once that has ended it", async () => {
    const leaving = AbortSignal.abort("left");
    const silent: Fetch = () => Promise.reject(new TypeError("aborted"));
    await expect(loadConfig(leaving, silent)).rejects.toBe("left");
  });

  test("takes over what the server says of its problem", async () => {
    const problem = {
      type: "about:blank",
      title: "The server is restarting",
      status: 503,
      detail: "Later",
      code: "shutting-down",
      requestId: "r1",
    };
    const send = answering(JSON.stringify(problem), 503);
    await expect(loadConfig(never, send)).rejects.toMatchObject({
      code: "shutting-down",
      message: "Later",
      requestId: "r1",
    });
  });

  test("takes a proxy's page for a silent server", async () => {
    const send = answering("<h1>Bad Gateway</h1>", 502);
    await expect(loadConfig(never, send)).rejects.toMatchObject({ code: "server-unreachable" });
  });

  test.each(["", "[]", '{"limits":{}}', "<html>"])("makes no sense of %j", async (body) => {
    await expect(loadConfig(never, answering(body))).rejects.toMatchObject({ code: "bad-answer" });
  });
});

test("createDownload sends the key as JSON, whatever is in it", async () => {
  const sent: RequestInit[] = [];
  const answer = {
    urls: ["https://s3.example/x?sig"],
    sizeBytes: 1,
    etag: '"e"',
    contentType: "text/plain",
    expiresAt: "2026-11-23T12:00:00Z",
  };
  const key = `a/"b" #?%&+.txt`;
  const download = await createDownload(key, async (_, init) => {
    sent.push(init);
    return Response.json(answer);
  });
  expect(download.urls).toEqual(answer.urls);
  expect(sent[0]?.body).toBe(JSON.stringify({ key }));
});

test("what may have changed something is not sent again", async () => {
  let calls = 0;
  const silent: Fetch = () => {
    calls += 1;
    return Promise.reject(new TypeError("network changed"));
  };
  await expect(createDownload("a", silent)).rejects.toMatchObject({ code: "server-unreachable" });
  expect(calls).toBe(1);
});

test("listObjects asks for a page behind another, whatever the prefix holds", async () => {
  const paths: string[] = [];
  const send: Fetch = async (path) => {
    paths.push(path);
    return Response.json({ objects: [], prefixes: ["a&b/"], nextCursor: null });
  };
  const listing = { prefix: "a&b", delimiter: "/", limit: 10 };
  const { prefixes } = await listObjects({ ...listing, cursor: "x=" }, never, send);
  await listObjects({ ...listing, cursor: null }, never, send);
  expect(prefixes).toEqual(["a&b/"]);
  expect(paths).toEqual([
    "/api/objects?prefix=a%26b&delimiter=%2F&limit=10&cursor=x%3D",
    "/api/objects?prefix=a%26b&delimiter=%2F&limit=10",
  ]);
});
