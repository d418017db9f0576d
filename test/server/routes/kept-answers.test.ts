import { describe, expect, it } from "vitest";
import type { SelectLine } from "../../../shared/select-api.ts";
import { ProblemError } from "../../../shared/problem.ts";
import { SelectError } from "../../../shared/select/select-error.ts";
import type { SelectEvent } from "../../../shared/select/select-request.ts";
import { grant, serve } from "../scripted-app.ts";
import { storedObject } from "../scripted-storage.ts";

const TEXT = "name,age\nAnn,31\nBob,25\n";
const SQL = "SELECT name FROM S3Object";

function scene(storage = {}) {
  const served = serve({ storage });
  const put = (text: string, etag: string) => {
    const bytes = Buffer.from(text);
    served.objects.set("p.csv", storedObject({ sizeBytes: bytes.length, etag }));
    served.contents.set("p.csv", bytes);
  };
  put(TEXT, '"1"');
  const ask = async (more: object = {}, headers: Record<string, string> = {}) => {
    const body = { key: "p.csv", sql: SQL, input: { format: "csv" }, ...more };
    const answer = await served.ask("POST", "/api/select", body, headers);
    if (answer.status !== 200) return { status: answer.status, lines: [], end: undefined };
    const text = String(answer.body).trimEnd();
    const lines: SelectLine[] = text.split("\n").map((line) => JSON.parse(line));
    return { status: answer.status, lines, end: lines.at(-1) };
  };
  const reads = () => served.calls.filter((call) => call.startsWith("read")).length;
  return { ...served, put, query: ask, reads };
}

const FRESH = { type: "end", engine: "embedded" };
const KEPT = { ...FRESH, cached: true };

describe("a query that was answered before", () => {
  it("is answered again without a byte of the object", async () => {
    const { query, reads } = scene();
    const first = await query();
    const count = reads();
    const second = await query();
    expect([first.end, second.end]).toEqual([FRESH, KEPT]);
    expect(second.lines.slice(0, -1)).toEqual(first.lines.slice(0, -1));
    expect(reads()).toBe(count);
  });

  it("is the same with white space around it, and where defaults are said", async () => {
    const { query } = scene();
    await query();
    expect((await query({ sql: `\n ${SQL} ` })).end).toEqual(KEPT);
    const csv = { header: "use", fieldDelimiter: "," };
    expect((await query({ input: { format: "csv", compression: "auto", csv } })).end).toEqual(KEPT);
  });

  it.each([
    { sql: "SELECT age FROM S3Object" },
    { input: { format: "csv", csv: { header: "ignore" } }, sql: "SELECT _1 FROM S3Object" },
    { input: { format: "csv", compression: "none" } },
    { output: { format: "csv" } },
    { scanRange: { start: 0, end: 5 } },
    { engine: "embedded" },
  ])("is another one with %j", async (more) => {
    const { query } = scene();
    await query();
    expect((await query(more)).end).toEqual(FRESH);
    expect((await query(more)).end).toEqual(KEPT);
  });

  it("is another one once the object was replaced", async () => {
    const { query, put } = scene();
    await query();
    put("name,age\nCyd,40\n", '"2"');
    const { lines, end } = await query();
    expect(lines[0]).toEqual({ type: "records", payload: '{"name":"Cyd"}\n' });
    expect(end).toEqual(FRESH);
  });

  it("is still for those alone who may ask it", async () => {
    const { query, objects } = scene();
    await query();
    const stranger = { authorization: await grant({ scope: "query", prefix: "other/" }) };
    expect((await query({}, stranger)).status).toBe(403);
    const fetcher = { authorization: await grant({ scope: "download" }) };
    expect((await query({}, fetcher)).status).toBe(403);
    objects.delete("p.csv");
    expect((await query()).status).toBe(404);
  });

  it("is split at no character", async () => {
    const { query, put } = scene();
    put(`name,age\n${"ä\u{1f600}".repeat(40_000)},1\n`, '"long"');
    const payload = async () =>
      (await query()).lines.map((line) => (line.type === "records" ? line.payload : "")).join("");
    expect(await payload()).toBe(await payload());
  });
});

describe("what is not kept", () => {
  it.each(["SELECT UTCNOW() FROM S3Object", "SELECT utcnow ( ) FROM S3Object"])(
    "%s",
    async (sql) => {
      const { query } = scene();
      await query({ sql });
      expect((await query({ sql })).end).toEqual(FRESH);
    },
  );

  it("a failure, at once or in the middle", async () => {
    const counts = { bytesScanned: 1, bytesProcessed: 1, bytesReturned: 1 };
    const broken: SelectEvent[] = [
      { type: "records", payload: Buffer.from("a") },
      { type: "stats", counts },
    ];
    const { query } = scene({
      async *selectNatively() {
        yield* broken;
        throw new SelectError("CSVParsingError", "Broken.");
      },
    });
    expect((await query()).end).toMatchObject({ type: "error" });
    expect((await query()).end).toMatchObject({ type: "error" });
  });

  it("an answer without its counts, or of more than a megabyte", async () => {
    const bare = scene({
      async *selectNatively() {
        yield { type: "records", payload: Buffer.from("a") };
      },
    });
    await bare.query();
    expect((await bare.query()).end).not.toHaveProperty("cached");
    const { query, put } = scene();
    put(`name,age\n${`${"x".repeat(1000)},1\n`.repeat(1100)}`, '"large"');
    await query();
    expect((await query()).end).toEqual(FRESH);
  });

  it("what a storage's own Select says of an object that was replaced meanwhile", async () => {
    const counts = { bytesScanned: 1, bytesProcessed: 1, bytesReturned: 1 };
    const replacing: { now: () => void } = { now: () => undefined };
    const { query, put } = scene({
      async *selectNatively() {
        yield { type: "records", payload: Buffer.from("b") };
        replacing.now();
        yield { type: "stats", counts };
      },
    });
    replacing.now = () => put("b\n", '"2"');
    await query();
    replacing.now = () => undefined;
    put(TEXT, '"1"');
    expect((await query()).end).toEqual({ type: "end", engine: "native" });
    expect((await query()).end).toEqual({ type: "end", engine: "native", cached: true });
  });

  it("what a storage's own Select says where nobody knows whether the object is the same", async () => {
    const counts = { bytesScanned: 1, bytesProcessed: 1, bytesReturned: 1 };
    const served = scene({
      async *selectNatively() {
        yield { type: "records", payload: Buffer.from("b") };
        const headObject = () => Promise.reject(new ProblemError("storage-busy", "Later."));
        served.overrule({ headObject });
        yield { type: "stats", counts };
      },
    });
    expect((await served.query()).end).toEqual({ type: "end", engine: "native" });
  });

  it("an answer that its asker did not wait for", async () => {
    let isHeld = true;
    const counts = { bytesScanned: 1, bytesProcessed: 1, bytesReturned: 1 };
    const served = scene({
      async *selectNatively(_key: string, _request: object, signal: AbortSignal) {
        yield { type: "records", payload: Buffer.from("a") };
        if (isHeld) await new Promise((_, reject) => signal.addEventListener("abort", reject));
        yield { type: "stats", counts };
      },
    });
    const leaving = new AbortController();
    const body = JSON.stringify({ key: "p.csv", sql: SQL, input: { format: "csv" } });
    const response = await served.app.request("http://127.0.0.1:8080/api/select", {
      method: "POST",
      headers: { host: "127.0.0.1:8080", "content-type": "application/json" },
      body,
      signal: leaving.signal,
    });
    await response.body?.getReader().read();
    leaving.abort();
    isHeld = false;
    expect((await served.query()).end).toEqual({ type: "end", engine: "native" });
  });
});
