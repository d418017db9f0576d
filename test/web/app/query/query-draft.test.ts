import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { QueryDraft } from "../../../../web/app/query/query-draft.svelte.ts";

const CSV = {
  format: "csv",
  compression: "none",
  csv: { header: "use", fieldDelimiter: ";", recordDelimiter: "\n", quote: '"' },
  columns: [
    { name: "name", type: "string" },
    { name: "age", type: "integer" },
  ],
  rows: [["Ann", "31"]],
  sizeBytes: 1000,
  etag: '"e"',
};

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  vi.stubGlobal("fetch", async (_: string, { body }: { body: string }) => {
    const isGzip = JSON.parse(body).key.endsWith(".gz");
    return Response.json({ ...CSV, compression: isGzip ? "gzip" : "none" });
  });
});
afterEach(() => void vi.unstubAllGlobals());

async function draftOf(search: string): Promise<QueryDraft> {
  const draft = new QueryDraft(search);
  await draft.look();
  return draft;
}

describe("a draft", () => {
  test("takes over how its object is written, and begins with a first query", async () => {
    const draft = await draftOf("?key=a.csv");
    expect(draft.input.csv.fieldDelimiter).toBe(";");
    expect(draft.sql).toBe("SELECT * FROM S3Object s LIMIT 100");
    expect(draft.isLinked).toBe(false);
    expect(draft.examples.map(({ title }) => title)).toContain("LIKE");
    expect(draft.link).toBe("/query?key=a.csv&sql=SELECT+*+FROM+S3Object+s+LIMIT+100");
  });

  test("keeps what a link says, and says that it came with one until it is asked", async () => {
    const draft = await draftOf("?key=a.csv&sql=SELECT+1+FROM+S3Object&format=csv&delimiter=%7C");
    expect(draft.input.csv.fieldDelimiter).toBe("|");
    expect([draft.sql, draft.isLinked]).toEqual(["SELECT 1 FROM S3Object", true]);
    expect(draft.ask(1)).toMatchObject({ key: "a.csv", input: { csv: { fieldDelimiter: "|" } } });
    expect([draft.isLinked, draft.isAsked]).toEqual([false, true]);
  });

  test("asks nothing of nothing", async () => {
    expect((await draftOf("")).ask(1)).toBeNull();
    const draft = await draftOf("?key=a.csv");
    draft.sql = " \n";
    expect(draft.ask(1)).toBeNull();
  });

  test("turns to another object with its own settings, and keeps what a person wrote", async () => {
    const draft = await draftOf("?key=a.csv");
    draft.sql = "SELECT mine FROM S3Object";
    draft.read({ ...draft.input, format: "json" });
    draft.scan = { start: 5, end: 10 };
    draft.choose("b.csv");
    await vi.waitFor(() => expect(draft.schema).not.toBeNull());
    expect([draft.input.format, draft.scan.start]).toEqual(["csv", null]);
    expect(draft.sql).toBe("SELECT mine FROM S3Object");
  });

  test("numbers its columns where the first line is not their names", async () => {
    const draft = await draftOf("?key=a.csv");
    draft.read({ ...draft.input, csv: { ...draft.input.csv, header: "none" } });
    expect(draft.target.columns.map(({ name }) => name)).toEqual(["_1", "_2"]);
  });

  test("knows how much is read, and asks for no part of what has none", async () => {
    const draft = await draftOf("?key=a.csv");
    expect(draft.scanBytes).toBe(1000);
    draft.scan = { start: 100, end: 199 };
    expect([draft.scanBytes, draft.ask(1)]).toMatchObject([100, { scanRange: { start: 100 } }]);
    draft.scan = { start: null, end: 300 };
    expect(draft.scanBytes).toBe(300);
    const packed = await draftOf("?key=a.csv.gz&start=5");
    expect(packed.scanBytes).toBe(1000);
    expect(packed.ask(1)).not.toHaveProperty("scanRange");
  });

  test("is remembered once it is asked, and recalled", async () => {
    const draft = await draftOf("?key=a.csv");
    draft.ask(1);
    draft.sql = "SELECT 2 FROM S3Object";
    draft.ask(2);
    expect(draft.history.map(({ askedAt }) => askedAt)).toEqual([2, 1]);
    const [, first] = draft.history;
    if (first) draft.recall(first);
    expect(draft.sql).toBe("SELECT * FROM S3Object s LIMIT 100");
    draft.forgetHistory();
    expect(draft.history).toEqual([]);
  });
});
