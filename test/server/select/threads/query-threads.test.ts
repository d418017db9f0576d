import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ByteSource } from "../../../../shared/select/byte-source.ts";
import { DEFAULT_CSV_INPUT, type CsvInput } from "../../../../shared/select/csv-input.ts";
import { DEFAULT_JSON_OUTPUT } from "../../../../shared/select/output.ts";
import { SelectError } from "../../../../shared/select/select-error.ts";
import type { SelectInput, SelectRequest } from "../../../../shared/select/select-request.ts";
import {
  detect,
  select,
  startQueryThreads,
  type QueryThreads,
} from "../../../../server/select/index.ts";

const never = new AbortController().signal;

const rows = Array.from({ length: 120_000 }, (_, index) => {
  const name = index % 20 === 0 ? `"name, ${index}"` : `name ${index}`;
  return `${index},${name},${(index % 1000) / 8},${index % 3 === 0 ? "active" : "gone"}\n`;
});
const csv = Buffer.from(`id,name,price,status\n${rows.join("")}`);
const lines = Buffer.from(
  rows.map((_, index) => `{"id":${index},"price":${(index % 1000) / 8},"tags":["a"]}\n`).join(""),
);

let threads: QueryThreads;
let alone: QueryThreads;

beforeAll(() => {
  threads = startQueryThreads(2);
  alone = startQueryThreads(1);
});

afterAll(async () => {
  await threads.close();
  await alone.close();
});

/** Bytes that come in pieces, each somewhat later than it was asked for. */
function sourceOf(bytes: Uint8Array): ByteSource & { openCount: number } {
  const source = {
    sizeBytes: bytes.length,
    openCount: 0,
    async *read({ start, end }: { start: number; end: number }, signal: AbortSignal) {
      source.openCount += 1;
      try {
        for (let at = start; at < end; at += 60_000) {
          await new Promise(setImmediate);
          signal.throwIfAborted();
          yield bytes.subarray(at, Math.min(end, at + 60_000));
        }
      } finally {
        source.openCount -= 1;
      }
    },
  };
  return source;
}

function csvRequest(sql: string, given: Partial<CsvInput> = {}): SelectRequest {
  const input: SelectInput = {
    format: "CSV",
    compression: "NONE",
    csv: { ...DEFAULT_CSV_INPUT, header: "USE", ...given },
  };
  return { sql, input, output: { format: "JSON", json: DEFAULT_JSON_OUTPUT } };
}

type Asked = typeof select;

async function answer(ask: Asked, request: SelectRequest, bytes: Uint8Array): Promise<string> {
  let text = "";
  for await (const event of ask(request, sourceOf(bytes), never)) {
    text +=
      event.type === "records"
        ? Buffer.from(event.payload).toString()
        : event.type === "stats"
          ? JSON.stringify(event.counts)
          : "";
  }
  return text;
}

describe("threads answer as one does", () => {
  test.each([
    "SELECT s.id, s.name FROM S3Object s WHERE s.price > 124",
    "SELECT * FROM S3Object s WHERE s.id > 119990",
    "SELECT COUNT(*) FROM S3Object s WHERE s.status = 'active'",
    "SELECT SUM(CAST(s.price AS FLOAT)), AVG(CAST(s.price AS FLOAT)), SUM(s.price), AVG(s.id) FROM S3Object s",
    "SELECT MIN(s.price), MAX(s.name), COUNT(s.name) FROM S3Object s WHERE s.name LIKE '%9%'",
    "SELECT s.id FROM S3Object s LIMIT 70000",
    "SELECT s.id FROM S3Object s WHERE s.price = 1.5 LIMIT 7",
  ])("about CSV: %s", async (sql) => {
    const expected = await answer(select, csvRequest(sql), csv);
    // How much of the object is read before a limit is reached depends on who is how fast.
    const told = (text: string) =>
      sql.includes("LIMIT") ? text.replace(/\{"bytesScanned.*/u, "") : text;
    expect(told(await answer(threads.select, csvRequest(sql), csv))).toBe(told(expected));
    expect(told(await answer(alone.select, csvRequest(sql), csv))).toBe(told(expected));
  });

  test.each(["LINES", "DOCUMENT"] as const)("about JSON %s", async (type) => {
    const request: SelectRequest = {
      sql: "SELECT COUNT(*), SUM(s.price), MAX(s.tags[0]) FROM S3Object[*] s WHERE s.id >= 1000",
      input: { format: "JSON", compression: "NONE", type },
      output: { format: "JSON", json: DEFAULT_JSON_OUTPUT },
    };
    expect(await answer(threads.select, request, lines)).toBe(await answer(select, request, lines));
  });

  test("about what is compressed, and about quoted record delimiters", async () => {
    const sql = "SELECT COUNT(*) FROM S3Object s WHERE s.price > 100";
    const packed = csvRequest(sql);
    const gzip = { ...packed, input: { ...packed.input, compression: "GZIP" } as SelectInput };
    expect(await answer(threads.select, gzip, gzipSync(csv))).toContain('"bytesProcessed"');
    const quoted = csvRequest(sql, { allowsQuotedRecordDelimiter: true });
    expect(await answer(threads.select, quoted, csv)).toBe(await answer(select, quoted, csv));
  });

  test("scan ranges that tile the object make the whole, every record once", async () => {
    const request = csvRequest("SELECT s.id FROM S3Object s");
    let text = "";
    const size = 1_500_000;
    for (let start = 0; start < csv.length; start += size) {
      const scanRange = { start, end: Math.min(csv.length, start + size) - 1 };
      const part = await answer(threads.select, { ...request, scanRange }, csv);
      text += part.replace(/\{"bytesScanned.*/u, "");
    }
    expect(text).toBe(rows.map((_, index) => `{"id":"${index}"}\n`).join(""));
  });

  test("what is wrong is said as it is elsewhere, behind the records that came before it", async () => {
    const ask = (sql: string) => answer(threads.select, csvRequest(sql), csv);
    await expect(ask("SELECT")).rejects.toThrow(SelectError);
    await expect(ask("SELECT s.nobody FROM S3Object s")).rejects.toMatchObject({
      code: "MissingHeaders",
      position: { line: 1, column: 8 },
    });
    let text = "";
    const late = csvRequest("SELECT CAST(s.name AS INT) FROM S3Object s WHERE s.id > 119000");
    await expect(async () => {
      for await (const event of threads.select(late, sourceOf(csv), never)) text += event.type;
    }).rejects.toMatchObject({ code: "CastFailed" });
    expect(text).not.toContain("stats");
  });

  test("what the source fails with is what the query fails with, on both ways", async () => {
    const broken = (sizeBytes: number): ByteSource => ({
      sizeBytes,
      async *read() {
        yield Buffer.from("id,name\n1,a\n");
        throw new RangeError("The line broke");
      },
    });
    const drain = async (sizeBytes: number) => {
      const sql = "SELECT * FROM S3Object";
      for await (const _ of threads.select(csvRequest(sql), broken(sizeBytes), never));
    };
    await expect(drain(100)).rejects.toThrow("The line broke");
    await expect(drain(10_000_000)).rejects.toThrow("The line broke");
  });

  test("what an object seems to be", async () => {
    expect(await threads.detect(sourceOf(csv), never)).toEqual(await detect(sourceOf(csv), never));
    const binary = sourceOf(new Uint8Array(100));
    await expect(threads.detect(binary, never)).rejects.toMatchObject({
      code: "UnrecognizedFormatException",
    });
    expect(binary.openCount).toBe(0);
  });

  test("an abort ends it at once, and leaves nothing open", async () => {
    for (const bytes of [csv, csv.subarray(0, 1_000_000)]) {
      const source = sourceOf(bytes);
      const stop = new AbortController();
      const events = threads.select(csvRequest("SELECT * FROM S3Object"), source, stop.signal);
      await events.next();
      stop.abort(new Error("Enough"));
      await expect(async () => {
        for await (const _ of events);
      }).rejects.toThrow("Enough");
      await expect.poll(() => source.openCount).toBe(0);
    }
  });

  test("whoever stops listening ends the reading", async () => {
    for (const bytes of [csv, csv.subarray(0, 1_000_000)]) {
      const source = sourceOf(bytes);
      const events = threads.select(csvRequest("SELECT * FROM S3Object"), source, never);
      await events.next();
      await events.return();
      await expect.poll(() => source.openCount).toBe(0);
    }
  });

  test("a thread that ends takes its queries with it, and the next one finds another", async () => {
    const mortal = startQueryThreads(1);
    const request = csvRequest("SELECT COUNT(*) FROM S3Object");
    for (const bytes of [csv, csv.subarray(0, 1_000_000)]) {
      const events = mortal.select(request, sourceOf(bytes), never);
      const failed = expect(events.next()).rejects.toMatchObject({ code: "Busy" });
      await mortal.close();
      await failed;
      expect(await answer(mortal.select, request, bytes)).toContain("_1");
    }
    await mortal.close();
  });
});
