import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { SelectLine } from "../../../shared/select-api.ts";
import { SelectError } from "../../../shared/select/select-error.ts";
import type { SelectEvent } from "../../../shared/select/select-request.ts";
import { serve } from "../scripted-app.ts";
import { storedObject } from "../scripted-storage.ts";

const PEOPLE = "name,age\nAnn,31\nBob,25\n";

function scene(storage = {}) {
  const served = serve({ storage });
  const put = (key: string, content: string | Buffer) => {
    const bytes = Buffer.from(content);
    served.objects.set(key, storedObject({ sizeBytes: bytes.length }));
    served.contents.set(key, bytes);
  };
  put("people.csv", PEOPLE);
  const query = async (sql: string, more: object = {}) => {
    const body = { key: "people.csv", sql, input: { format: "csv" }, ...more };
    const answer = await served.ask("POST", "/api/select", body);
    const lines: SelectLine[] =
      answer.status === 200
        ? String(answer.body)
            .trimEnd()
            .split("\n")
            .map((line) => JSON.parse(line))
        : [];
    return { ...answer, lines };
  };
  return { ...served, put, query };
}

describe("POST /api/select", () => {
  it("answers lines: records, stats and an end that names the engine", async () => {
    const { query } = scene();
    const { status, headers, lines } = await query("SELECT name FROM S3Object WHERE age > 30");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/x-ndjson");
    expect(lines).toEqual([
      { type: "records", payload: '{"name":"Ann"}\n' },
      { type: "stats", bytesScanned: 23, bytesProcessed: 23, bytesReturned: 15 },
      { type: "end", engine: "embedded" },
    ]);
  });

  it("asks the storage once, and remembers that it cannot", async () => {
    const { query, calls } = scene();
    await query("SELECT * FROM S3Object");
    await query("SELECT * FROM S3Object");
    expect(calls.filter((call) => call.startsWith("select"))).toHaveLength(1);
    const { status, body } = await query("SELECT * FROM S3Object", { engine: "native" });
    expect({ status, code: body.code }).toEqual({ status: 501, code: "select-unsupported" });
  });

  it("takes the storage's own answer where there is one", async () => {
    const events: SelectEvent[] = [
      { type: "records", payload: Buffer.from("ä").subarray(0, 1) },
      { type: "records", payload: Buffer.from("ä").subarray(1) },
    ];
    const { query } = scene({
      async *selectNatively() {
        yield* events;
      },
    });
    const { lines } = await query("SELECT * FROM S3Object");
    expect(lines).toEqual([
      { type: "records", payload: "ä" },
      { type: "end", engine: "native" },
    ]);
  });

  it("says what is wrong with a query, and where", async () => {
    const { query } = scene();
    const { status, body } = await query("SELECT * FROM S3Object WHERE");
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: "query-failed",
      s3Code: "ParseExpectedExpression",
      position: { line: 1, column: 29 },
    });
  });

  it("says where in the query it is what went wrong after the first line", async () => {
    const { query } = scene({
      async *selectNatively() {
        yield { type: "records", payload: Buffer.from("1\n") };
        throw new SelectError("CastFailed", "That is no number.", { line: 1, column: 8 });
      },
    });
    const { lines } = await query("SELECT CAST(s.a AS INT) FROM S3Object s");
    expect(lines.at(-1)).toMatchObject({ code: "CastFailed", position: { line: 1, column: 8 } });
  });

  it("says what went wrong after the first line was sent", async () => {
    const { put, query } = scene();
    put("late.json", `${'{"a":1}\n'.repeat(50_000)}{"a":`);
    const { status, lines } = await query("SELECT * FROM S3Object", {
      key: "late.json",
      input: { format: "json", json: { type: "lines" } },
    });
    expect(status).toBe(200);
    expect(lines.at(-1)).toMatchObject({ type: "error", code: "JSONParsingError" });
  });

  it("finds out by itself what an object is packed by", async () => {
    const { ask, put, query } = scene();
    put(
      "a.csv.bz2",
      await readFile(new URL("../select/bzip2/packed/streams.bz2", import.meta.url)),
    );
    const input = { format: "csv", csv: { header: "none" } };
    const { lines } = await query("SELECT _2 n FROM S3Object", { key: "a.csv.bz2", input });
    const records = lines.map((line) => (line.type === "records" ? line.payload : ""));
    expect(records.join("")).toBe('{"n":"1"}\n{"n":"2"}\n');
    const { body } = await ask("POST", "/api/select/schema", { key: "a.csv.bz2" });
    expect(body).toMatchObject({
      compression: "bzip2",
      rows: [
        ["one", "1"],
        ["two", "2"],
      ],
    });
  });

  it("takes formats, headers and ranges as they are asked for", async () => {
    const { query } = scene();
    const plain = { format: "csv", csv: { header: "none" } };
    const { lines } = await query("SELECT _1 FROM S3Object", {
      input: plain,
      output: { format: "csv" },
      scanRange: { start: 9, end: 10 },
    });
    expect(lines[0]).toEqual({ type: "records", payload: "Ann\n" });
  });

  it.each([
    [404, { key: "none" }],
    [400, { key: "" }],
    [400, { input: { format: "xml" } }],
    [400, { input: { format: "csv", csv: { fieldDelimiter: "ä" } } }],
    [400, { scanRange: { start: -1 } }],
  ])("answers %d to %j", async (status, more) => {
    expect((await scene().query("SELECT * FROM S3Object", more)).status).toBe(status);
  });

  it("runs so many queries at once and no more, and counts those that ended no longer", async () => {
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const { query } = scene({
      async *selectNatively() {
        await held;
        yield { type: "records", payload: Buffer.from("a") };
      },
    });
    const running = Array.from({ length: 4 }, () => query("SELECT * FROM S3Object"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const refused = await query("SELECT * FROM S3Object");
    expect({ status: refused.status, code: refused.body.code }).toEqual({
      status: 429,
      code: "rate-limited",
    });
    letGo();
    await Promise.all(running);
    expect((await query("SELECT * FROM S3Object")).status).toBe(200);
  });
});

describe("POST /api/select/schema", () => {
  it("says what an object seems to be", async () => {
    const { ask } = scene();
    const { status, body } = await ask("POST", "/api/select/schema", { key: "people.csv" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      format: "csv",
      compression: "none",
      csv: { header: "use", fieldDelimiter: "," },
      columns: [
        { name: "name", type: "string" },
        { name: "age", type: "integer" },
      ],
      rows: [
        ["Ann", "31"],
        ["Bob", "25"],
      ],
      sizeBytes: PEOPLE.length,
    });
  });

  it("says what is not there, and what is no text", async () => {
    const { ask, put } = scene();
    put("film.mp4", "\0\0\0 ftypisom");
    const none = await ask("POST", "/api/select/schema", { key: "none" });
    expect([none.status, none.body.code]).toEqual([404, "not-found"]);
    const film = await ask("POST", "/api/select/schema", { key: "film.mp4" });
    expect([film.status, film.body.s3Code]).toEqual([422, "UnrecognizedFormatException"]);
  });
});
