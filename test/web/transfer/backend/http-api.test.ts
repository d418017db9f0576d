import { describe, expect, it } from "vitest";
import { createHttpApi } from "../../../../web/transfer/backend/http-api.ts";
import { TransferError } from "../../../../web/transfer/problem.ts";

const NOW = Date.parse("2026-11-23T10:00:00Z");
const neverAborted = new AbortController().signal;

function apiAnswering(response: () => Response | Promise<Response>) {
  const requests: { url: string; init: RequestInit }[] = [];
  const api = createHttpApi({
    baseUrl: "https://host.example",
    headers: () => ({ authorization: "Bearer grant" }),
    now: () => NOW,
    fetch: async (url, init = {}) => {
      requests.push({ url: String(url), init });
      return response();
    },
  });
  return { api, requests };
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}

async function failureOf(work: Promise<unknown>): Promise<TransferError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof TransferError) return error;
  throw new Error("It should have failed with a code", { cause: error });
}

const signed = (expiresAt: string) => ({
  parts: [{ partNumber: 1, url: "https://s3/1" }],
  expiresAt,
});

describe("createHttpApi", () => {
  it("asks as the contract says, with the headers of the integrator", async () => {
    const { api, requests } = apiAnswering(() => json(200, signed("2026-11-23T11:00:00Z")));
    await api.sign("a/b", { partNumbers: [1] }, neverAborted);
    expect(requests[0]?.url).toBe("https://host.example/api/uploads/a%2Fb/parts");
    expect(requests[0]?.init).toMatchObject({
      method: "POST",
      body: '{"partNumbers":[1]}',
      headers: { authorization: "Bearer grant", "content-type": "application/json" },
    });
  });

  it("translates the server's times into local ones where the clocks disagree", async () => {
    // The local clock is two hours ahead of the server's.
    const date = "Mon, 23 Nov 2026 08:00:00 GMT";
    const { api } = apiAnswering(() => json(200, signed("2026-11-23T09:00:00Z"), { date }));
    const { expiresAt } = await api.sign("id", { partNumbers: [1] }, neverAborted);
    expect(expiresAt).toBe(NOW + 3_600_000);
  });

  it("trusts a fresh URL for a minute even where the clock seems to say that it has expired", async () => {
    const { api } = apiAnswering(() => json(200, signed("2026-11-23T08:00:00Z")));
    const { expiresAt } = await api.sign("id", { partNumbers: [1] }, neverAborted);
    expect(expiresAt).toBe(NOW + 60_000);
  });

  it("decodes every way in which a file can go", async () => {
    const expiresAt = "2026-11-23T11:00:00Z";
    const problem = { type: "t", title: "t", status: 400, detail: "d", code: "invalid-name" };
    const uploads = [
      { id: "1", key: "a", method: "put", url: "u", headers: { a: "b" }, expiresAt },
      {
        id: "2",
        key: "b",
        method: "multipart",
        partSizes: "free",
        partSizeBytes: 5,
        partCount: 2,
        parts: [],
        expiresAt,
      },
      { problem },
    ];
    const { api } = apiAnswering(() => json(201, { uploads }));
    const opened = await api.create({ files: [{ name: "a", sizeBytes: 1 }] });
    expect(opened).toMatchObject([
      { method: "put", expiresAt: NOW + 3_600_000 },
      { method: "multipart", partCount: 2 },
      { problem: { code: "invalid-name" } },
    ]);
  });

  it.each([
    [503, "storage-busy", "retry", true],
    [502, "storage-denied", "permanent", false],
    [410, "upload-gone", "reopen", false],
    [409, "upload-incomplete", "reopen", false],
    [401, "unauthorized", "permanent", false],
    [429, "rate-limited", "retry", true],
    [500, "internal", "retry", false],
  ])("%i %s: %s", async (status, code, remedy, throttled) => {
    const body = { type: "t", title: "t", status, detail: "d", code, requestId: "r", s3Code: "S" };
    const { api } = apiAnswering(() => json(status, body, { "retry-after": "3" }));
    const error = await failureOf(api.list("id", neverAborted));
    expect(error).toMatchObject({
      code,
      remedy,
      facts: { throttled, retryAfterMs: 3000, requestId: "r", s3Code: "S" },
    });
  });

  it("takes a proxy's page for a server that is away", async () => {
    const { api } = apiAnswering(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
    const error = await failureOf(api.list("id", neverAborted));
    expect(error).toMatchObject({ code: "server-unreachable", remedy: "retry" });
  });

  it("does not take a portal's 200 for an answer", async () => {
    const { api } = apiAnswering(() => new Response("<h1>Welcome</h1>", { status: 200 }));
    const error = await failureOf(api.complete("id", {}, neverAborted));
    expect(error).toMatchObject({ code: "bad-answer", remedy: "retry" });
  });

  it("names a server that does not answer", async () => {
    const { api } = apiAnswering(() => Promise.reject(new TypeError("fetch failed")));
    const error = await failureOf(api.list("id", neverAborted));
    expect(error).toMatchObject({ code: "server-unreachable", remedy: "retry" });
  });

  it("rejects with the signal's reason when it is stopped", async () => {
    const controller = new AbortController();
    const reason = new Error("no longer wanted");
    const { api } = apiAnswering(() => {
      controller.abort(reason);
      throw new TypeError("aborted");
    });
    await expect(api.list("id", controller.signal)).rejects.toBe(reason);
  });

  it("takes an empty 204 as the end of an abort", async () => {
    const { api, requests } = apiAnswering(() => new Response(null, { status: 204 }));
    await api.abort("id", neverAborted);
    expect(requests[0]?.init.method).toBe("DELETE");
  });
});
