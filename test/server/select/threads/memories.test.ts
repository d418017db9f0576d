import { afterAll, expect, test } from "vitest";
import type { ByteSource } from "../../../../shared/select/byte-source.ts";
import { DEFAULT_CSV_INPUT } from "../../../../shared/select/csv-input.ts";
import { DEFAULT_JSON_OUTPUT } from "../../../../shared/select/output.ts";
import type { SelectRequest } from "../../../../shared/select/select-request.ts";
import { MemoryPool } from "../../../../server/select/blocks/memory-pool.ts";
import { startQueryThreads } from "../../../../server/select/index.ts";

const never = new AbortController().signal;

/** Threads of a busy machine may take long. */
const PATIENTLY = { interval: 1, timeout: 20_000 };

const memories = new MemoryPool(4);
const threads = startQueryThreads(2, memories);

afterAll(() => threads.close());

function objectOf(line: string): Buffer {
  return Buffer.from(line.repeat(Math.ceil(2_500_000 / line.length)));
}

const first = objectOf("first,1\n");
const second = objectOf("2,second\n");

/** Bytes that are put in place, each time some turns after they were asked for; `onRead` hears of it before. */
function sourceOf(bytes: Uint8Array, onRead: (start: number) => void = () => {}): ByteSource {
  return {
    sizeBytes: bytes.length,
    async *read({ start, end }) {
      yield bytes.subarray(start, end);
    },
    async readInto(target, start) {
      onRead(start);
      await new Promise(setImmediate);
      target.set(bytes.subarray(start, start + target.length));
    },
  };
}

function asking(sql: string): SelectRequest {
  const input = { format: "CSV", compression: "NONE", csv: DEFAULT_CSV_INPUT } as const;
  return { sql, input, output: { format: "JSON", json: DEFAULT_JSON_OUTPUT } };
}

/** The answer about the second object. */
async function answer(): Promise<string> {
  const request = asking("SELECT COUNT(*), SUM(CAST(s._1 AS INT)), MAX(s._2) FROM S3Object s");
  let text = "";
  for await (const event of threads.select(request, sourceOf(second), never)) {
    if (event.type === "records") text += Buffer.from(event.payload).toString();
  }
  return text;
}

/** Begins to answer about the first object, and ends before its time in one of four ways. */
async function breakOff(index: number): Promise<void> {
  const stop = new AbortController();
  const how = ["return", "abort", "abort while it is read", "fault"][index % 4];
  const source = sourceOf(first, (start) => {
    if (start === 0) return;
    if (how === "abort while it is read") stop.abort(new RangeError("Enough"));
    if (how === "fault") throw new RangeError("Enough");
  });
  const request = asking("SELECT s._1, s._2 FROM S3Object s WHERE s._2 = 1");
  try {
    for await (const _ of threads.select(request, source, stop.signal)) {
      if (how === "return") break;
      if (how === "abort") stop.abort(new RangeError("Enough"));
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

test("sixty queries that are broken off one after another need one memory, and leave nothing in it", async () => {
  const expected = await answer();
  for (let index = 0; index < 60; index += 1) {
    await breakOff(index);
    await expect.poll(() => memories.counts, PATIENTLY).toEqual({ lent: 0, idle: 1 });
    if (index % 20 === 19) expect(await answer()).toBe(expected);
  }
});

test("as many queries at once have as many memories, which they give back", async () => {
  const expected = await answer();
  const breaking = Array.from({ length: 8 }, (_, index) => breakOff(index));
  const answers = Array.from({ length: 4 }, answer);
  expect(await Promise.all(answers)).toEqual(answers.map(() => expected));
  await Promise.all(breaking);
  await expect.poll(() => memories.counts.lent, PATIENTLY).toBe(0);
  expect(memories.counts.idle).toBeLessThanOrEqual(12);
});

test("memory comes back from a thread that has ended, and not before", async () => {
  const pool = new MemoryPool(2);
  const mortal = startQueryThreads(1, pool);
  const events = mortal.select(asking("SELECT COUNT(*) FROM S3Object"), sourceOf(first), never);
  const failed = expect(events.next()).rejects.toMatchObject({ code: "Busy" });
  expect(pool.counts).toEqual({ lent: 1, idle: 0 });
  await mortal.close();
  await failed;
  await expect.poll(() => pool.counts, PATIENTLY).toEqual({ lent: 0, idle: 1 });
});

test("memory comes back where a query is not even begun", async () => {
  const request = { ...asking("SELECT * FROM S3Object"), scanRange: { start: 10, end: 2 } };
  const events = threads.select(request, sourceOf(first), never);
  await expect(events.next()).rejects.toThrow();
  await expect.poll(() => memories.counts.lent, PATIENTLY).toBe(0);
});
