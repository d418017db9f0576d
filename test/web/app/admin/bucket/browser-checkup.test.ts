import { describe, expect, test, vi } from "vitest";
import type { ProbeResponse } from "../../../../../shared/admin-api.ts";
import { BackendError } from "../../../../../web/app/backend.ts";
import { checkFromBrowser } from "../../../../../web/app/admin/bucket/checkup/browser-checkup.ts";

const NOW_MS = Date.parse("2026-11-28T12:00:00Z");
const ORIGIN = "https://bucket.example";
const never = new AbortController().signal;

interface Storage {
  readonly put?: Response | "blocked";
  readonly get?: Response | "blocked";
  readonly isThere?: boolean;
  readonly date?: string | null;
}

const written = () => new Response(null, { status: 200, headers: { etag: '"e"' } });
const ranged = () =>
  new Response("0", { status: 206, headers: { "content-range": "bytes 0-0/1" } });

/** A page before a storage that answers as it is said. */
function rig(
  storage: Storage,
  probe: Partial<ProbeResponse> = {},
  pageOrigin = "https://app.example",
) {
  const {
    put = written(),
    get = ranged(),
    isThere = true,
    date = "Sat, 28 Nov 2026 12:00:01 GMT",
  } = storage;
  const answer = (what: Response | "blocked") => {
    if (what === "blocked") throw new TypeError("Failed to fetch");
    return what;
  };
  const send = vi.fn(async (url: string, init: RequestInit) => {
    if (url === "/api/session")
      return new Response("{}", date === null ? {} : { headers: { date } });
    if (init.mode === "no-cors") return answer(isThere ? new Response() : "blocked");
    return answer(init.method === "PUT" ? put : get);
  });
  const removeProbe = vi.fn(async (_key: string) => undefined);
  const openProbe = async (): Promise<ProbeResponse> => ({
    key: ".sluice/checkup/browser-1",
    origins: [{ origin: ORIGIN, putUrl: `${ORIGIN}/put`, getUrl: `${ORIGIN}/get` }],
    expiresAt: new Date(NOW_MS).toISOString(),
    ...probe,
  });
  const ports = { send, pageOrigin, now: () => NOW_MS, api: { openProbe, removeProbe } };
  const run = async () => {
    const checks = await checkFromBrowser(ports, never);
    return new Map(checks.map((check) => [check.id.split(" ")[0], check]));
  };
  return { ports, send, removeProbe, run };
}

describe("the check-up of a browser", () => {
  test("passes where the storage takes the byte, shows its ETag and a range of it", async () => {
    const { run, send, removeProbe } = rig({});
    const checks = await run();
    expect([...checks.values()].map(({ id, status }) => [id.split(" ")[0], status])).toEqual([
      ["browser-put", "pass"],
      ["browser-etag", "pass"],
      ["browser-range", "pass"],
      ["browser-clock", "pass"],
    ]);
    const get = send.mock.calls.find(([url]) => url.endsWith("/get"))?.[1];
    expect(get?.headers).toEqual({ range: "bytes=0-0", "if-match": '"e"' });
    expect(removeProbe.mock.calls).toEqual([[".sluice/checkup/browser-1"]]);
  });

  test("tells a storage that lacks this site from one that is out of reach", async () => {
    const blocked = (await rig({ put: "blocked" }).run()).get("browser-put");
    expect(blocked).toMatchObject({
      status: "fail",
      remedy: { action: { method: "PUT", body: {} } },
    });
    expect(blocked?.detail).toContain("does not let https://app.example send to it");
    const away = (await rig({ put: "blocked", isThere: false }).run()).get("browser-put");
    expect(away?.detail).toContain("cannot reach the storage");
    expect(away?.remedy?.action).toBeUndefined();
  });

  test("says which header the answers hide", async () => {
    const put = new Response(null, { status: 200 });
    const checks = await rig({ put, get: new Response("0", { status: 206 }) }).run();
    expect(checks.get("browser-put")?.status).toBe("pass");
    expect(checks.get("browser-etag")).toMatchObject({ status: "fail" });
    expect(checks.get("browser-range")).toMatchObject({ status: "fail" });
  });

  test("says what the storage refuses, by its code", async () => {
    const put = new Response("<Error><Code>AccessDenied</Code></Error>", { status: 403 });
    const refused = (await rig({ put }).run()).get("browser-put");
    expect(refused?.detail).toBe("The storage refuses it with 403 (AccessDenied).");
  });

  test("sends nothing from a page by HTTPS to plain HTTP, which browsers block", async () => {
    const origin = "http://bucket.example";
    const { run, send } = rig({}, { origins: [{ origin, putUrl: `${origin}/p`, getUrl: origin }] });
    expect((await run()).get("browser-put")?.detail).toContain("plain HTTP");
    expect(send.mock.calls.map(([url]) => url)).toEqual(["/api/session"]);
  });

  test("takes an accelerated origin that is away for something to look at, not a failure", async () => {
    const origin = "https://fast.example";
    const accelerated = [{ origin, putUrl: `${origin}/put`, getUrl: `${origin}/get` }];
    const { ports, send } = rig({}, { accelerated });
    send.mockImplementation(async (url: string) => {
      if (url.startsWith(origin)) throw new TypeError("Failed to fetch");
      return url.endsWith("/get") ? ranged() : written();
    });
    const checks = await checkFromBrowser(ports, never);
    expect(checks.find(({ id }) => id.startsWith("browser-accelerated"))?.status).toBe("warn");
  });

  test.each([
    ["Sat, 28 Nov 2026 12:00:20 GMT", "pass", "agree"],
    ["Sat, 28 Nov 2026 12:05:00 GMT", "warn", "300 s behind"],
    ["Sat, 28 Nov 2026 11:00:00 GMT", "warn", "3600 s ahead of"],
    [null, "unsupported", "names no time"],
  ])("judges its own clock by the server's: %s", async (date, status, detail) => {
    const clock = (await rig({ date }).run()).get("browser-clock");
    expect(clock?.status).toBe(status);
    expect(clock?.detail).toContain(detail);
  });

  test("says what is left where the object cannot be removed", async () => {
    const { run, removeProbe } = rig({});
    removeProbe.mockRejectedValueOnce(new BackendError("storage-denied", "AccessDenied"));
    expect((await run()).get("browser-removal")?.detail).toContain("AccessDenied");
  });

  test("removes the object also where somebody leaves in the middle", async () => {
    const { ports, send, removeProbe } = rig({});
    const control = new AbortController();
    send.mockImplementation(async () => {
      control.abort(new Error("left"));
      throw control.signal.reason;
    });
    await expect(checkFromBrowser(ports, control.signal)).rejects.toThrow("left");
    await vi.waitFor(() => expect(removeProbe).toHaveBeenCalledOnce());
  });
});
