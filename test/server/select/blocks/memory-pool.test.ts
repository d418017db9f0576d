import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../../../shared/select/byte-source.ts";
import { DEFAULT_CSV_INPUT } from "../../../../shared/select/csv-input.ts";
import { DEFAULT_JSON_OUTPUT } from "../../../../shared/select/output.ts";
import type { Compression, SelectRequest } from "../../../../shared/select/select-request.ts";
import { MemoryPool } from "../../../../server/select/blocks/memory-pool.ts";
import { select } from "../../../../server/select/select.ts";

const never = new AbortController().signal;

const output = { format: "JSON", json: DEFAULT_JSON_OUTPUT } as const;

function csvRequest(
  sql: string,
  compression: Compression,
  header: "NONE" | "USE" = "NONE",
): SelectRequest {
  const csv = { ...DEFAULT_CSV_INPUT, header };
  return { sql, input: { format: "CSV", csv, compression }, output };
}

function jsonRequest(sql: string): SelectRequest {
  return { sql, input: { format: "JSON", type: "LINES", compression: "NONE" }, output };
}

interface Question {
  readonly request: SelectRequest;
  readonly bytes: Uint8Array;
}

/** Work that settles when the test says so. */
function deferred() {
  let resolve: (text: string) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<string>((onResolve, onReject) => {
    [resolve, reject] = [onResolve, onReject];
  });
  return {
    promise,
    resolve: (text: string) => resolve(text),
    reject: (error: Error) => reject(error),
  };
}

describe("memories of queries", () => {
  test("the one that came back last is lent next, and no more are made than are needed at once", () => {
    const pool = new MemoryPool(2);
    const [first, second] = [pool.lend(), pool.lend()];
    expect(first.memory).not.toBe(second.memory);
    second.end();
    first.end();
    expect(pool.counts).toEqual({ lent: 0, idle: 2 });
    expect(pool.lend().memory).toBe(first.memory);
    expect(pool.counts).toEqual({ lent: 1, idle: 1 });
  });

  test("it stays a query's until all that works in it has settled, however it ends", async () => {
    const pool = new MemoryPool(2);
    const lease = pool.lend();
    const [fill, scan] = [deferred(), deferred()];
    const works = [lease.hold(() => fill.promise), lease.hold(() => scan.promise)];
    lease.end();
    expect(pool.lend().memory).not.toBe(lease.memory);
    scan.reject(new Error("The thread has ended"));
    await expect(works[1]).rejects.toThrow("The thread has ended");
    expect(pool.counts).toEqual({ lent: 2, idle: 0 });
    fill.resolve("filled");
    expect(await works[0]).toBe("filled");
    expect(pool.counts).toEqual({ lent: 1, idle: 1 });
    lease.end();
    expect(pool.counts).toEqual({ lent: 1, idle: 1 });
  });

  test("nothing is begun for a query that has ended", async () => {
    const lease = new MemoryPool(2).lend();
    lease.end();
    let isBegun = false;
    const late = lease.hold(async () => {
      isBegun = true;
    });
    await expect(late).rejects.toThrow("has ended");
    expect(isBegun).toBe(false);
  });

  test("more queries at once than there is memory for are told to come again", () => {
    const pool = new MemoryPool(2);
    const leases = Array.from({ length: 24 }, () => pool.lend());
    expect(() => pool.lend()).toThrow(expect.objectContaining({ code: "Busy" }));
    leases[0]?.end();
    expect(pool.lend().memory).toBe(leases[0]?.memory);
  });
});

test("what comes late for a query that was broken off does not land in the memory of the next", async () => {
  const bytes = Buffer.from("1,a\n".repeat(100_000));
  const late = deferred();
  const slow: ByteSource = {
    ...sourceOf(bytes, () => {}),
    async readInto(target, start) {
      if (start > 0) await late.promise;
      target.set(bytes.subarray(start, start + target.length));
    },
  };
  const pool = new MemoryPool(2);
  const request = csvRequest("SELECT s._1 FROM S3Object s", "NONE");
  const events = select(request, slow, never, pool);
  await events.next();
  await events.return();
  expect(pool.counts).toEqual({ lent: 1, idle: 0 });
  const other = { request, bytes: Buffer.from("2,b\n".repeat(50_000)) };
  expect(await answer(other, pool)).toBe('{"_1":"2"}\n'.repeat(50_000));
  expect(pool.counts).toEqual({ lent: 1, idle: 1 });
  late.resolve("at last");
  await expect.poll(() => pool.counts).toEqual({ lent: 0, idle: 2 });
});

const TESTS = ["", " WHERE s.b > 10", " WHERE s.a LIKE '%x%' OR s.b = 7", " WHERE s.a <> 'x'"];
const CHOSEN = [
  "s.a, s.b",
  "*",
  "COUNT(*), COUNT(s.a)",
  "SUM(s.b), AVG(CAST(s.b AS FLOAT))",
  "MIN(s.b), MAX(s.b), MIN(s.a), SUM(CAST(s.b AS INT))",
];

const rows = fc.array(fc.tuple(fc.constantFrom("x", "yx", "long name", '"', ""), fc.nat(99)), {
  minLength: 1,
  maxLength: 40,
});

interface Drawn {
  readonly rows: readonly [string, number][];
  readonly format: string;
  readonly chosen: string;
  readonly where: string;
}

const asked = fc.record({
  rows,
  format: fc.constantFrom("CSV", "CSV.gz", "JSON"),
  chosen: fc.constantFrom(...CHOSEN),
  where: fc.constantFrom(...TESTS),
});

/** A question and an object, which has so many rows that it makes several blocks. */
function questionOf({ rows, format, chosen, where }: Drawn): Question {
  const isJson = format === "JSON";
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const line = ([a, b]: [string, number]) =>
    isJson ? `${JSON.stringify({ a, b })}\n` : `${quoted(a)},${b}\n`;
  const some = rows.map(line).join("");
  const repeated = some.repeat(Math.ceil(100_000 / some.length));
  const plain = Buffer.from(isJson ? repeated : `a,b\n${repeated}`);
  const sql = `SELECT ${chosen} FROM S3Object s${where}`;
  const compression = format === "CSV.gz" ? "GZIP" : "NONE";
  const request = isJson ? jsonRequest(sql) : csvRequest(sql, compression, "USE");
  return { request, bytes: compression === "GZIP" ? gzipSync(plain) : plain };
}

/** Bytes in pieces; `onPiece` hears of each before it comes. */
function sourceOf(bytes: Uint8Array, onPiece: (index: number) => void): ByteSource {
  const pieceBytes = Math.ceil(bytes.length / 8);
  return {
    sizeBytes: bytes.length,
    async *read({ start, end }) {
      for (let at = start; at < end; at += pieceBytes) {
        onPiece(Math.floor(at / pieceBytes));
        yield bytes.subarray(at, Math.min(end, at + pieceBytes));
      }
    },
  };
}

/** Ways in which a query ends before its time. */
const breaks = fc.record({
  how: fc.constantFrom("abort", "fault", "return"),
  when: fc.nat(7),
});

async function breakOff(
  { request, bytes }: Question,
  { how, when }: { how: string; when: number },
  pool: MemoryPool,
): Promise<void> {
  const stop = new AbortController();
  const source = sourceOf(bytes, (index) => {
    if (index !== when) return;
    if (how === "abort") stop.abort(new RangeError("Enough"));
    if (how === "fault") throw new RangeError("Enough");
  });
  try {
    for await (const _ of select(request, source, stop.signal, pool)) if (how === "return") break;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

async function answer({ request, bytes }: Question, pool: MemoryPool): Promise<string> {
  let text = "";
  for await (const event of select(
    request,
    sourceOf(bytes, () => {}),
    never,
    pool,
  )) {
    if (event.type === "records") text += Buffer.from(event.payload).toString();
  }
  return text;
}

test("an answer is the same in memory that a query before was broken off in", async () => {
  const pool = new MemoryPool(2);
  const law = fc.asyncProperty(asked, breaks, asked, async (first, how, drawn) => {
    await breakOff(questionOf(first), how, pool);
    const second = questionOf(drawn);
    await expect.poll(() => pool.counts, { interval: 1 }).toEqual({ lent: 0, idle: 1 });
    expect(await answer(second, pool)).toBe(await answer(second, new MemoryPool(2)));
  });
  await fc.assert(law, { numRuns: 20 });
});
