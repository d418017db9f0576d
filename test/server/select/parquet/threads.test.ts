import { afterAll, expect, test } from "vitest";
import type { ByteSource } from "../../../../shared/select/byte-source.ts";
import { SelectError } from "../../../../shared/select/select-error.ts";
import { startQueryThreads } from "../../../../server/select/index.ts";
import { DEFAULT_JSON_OUTPUT } from "../../../../shared/select/output.ts";
import { answerOf, countingSource, fixture } from "./ask-parquet.ts";

const threads = startQueryThreads(2);

afterAll(() => threads.close());

test("a thread of its own answers the same, by as many bytes", { timeout: 60_000 }, async () => {
  for (const sql of [
    "SELECT * FROM S3Object s WHERE s.id % 3 = 0",
    "SELECT s.id, s.text FROM S3Object s WHERE s.half > 1500",
    "SELECT COUNT(*) AS n, SUM(s.id) AS sum FROM S3Object s",
  ]) {
    const request = {
      sql,
      input: { format: "PARQUET", compression: "NONE" },
      output: { format: "JSON", json: DEFAULT_JSON_OUTPUT },
    } as const;
    const payloads: Uint8Array[] = [];
    let counts = null;
    const source = countingSource(fixture("groups"));
    for await (const event of threads.select(request, source, new AbortController().signal)) {
      if (event.type === "records") payloads.push(event.payload);
      else if (event.type === "stats") counts = event.counts;
    }
    const alone = await answerOf(sql, countingSource(fixture("groups")));
    expect({ text: Buffer.concat(payloads).toString(), counts }).toEqual(alone);
  }
  const schema = await threads.detect(
    countingSource(fixture("nested-v1")),
    new AbortController().signal,
  );
  expect(schema).toMatchObject({ format: "parquet" });
  const asking = threads
    .select(
      {
        sql: "SELECT * FROM S3Object",
        input: { format: "PARQUET", compression: "NONE" },
        output: { format: "JSON", json: DEFAULT_JSON_OUTPUT },
      },
      countingSource(fixture("codec-none").subarray(0, 3000)),
      new AbortController().signal,
    )
    .next();
  await expect(asking).rejects.toMatchObject({ code: "ParquetParsingError" });
});

test("bytes come by whatever way a source has", { timeout: 60_000 }, async () => {
  const sql = "SELECT * FROM S3Object s";
  const ask = async (source: ByteSource) => {
    const request = {
      sql,
      input: { format: "PARQUET", compression: "NONE" },
      output: { format: "JSON", json: DEFAULT_JSON_OUTPUT },
    } as const;
    const payloads: Uint8Array[] = [];
    for await (const event of threads.select(request, source, new AbortController().signal)) {
      if (event.type === "records") payloads.push(event.payload);
    }
    return Buffer.concat(payloads).toString();
  };
  for (const codec of ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]) {
    const bytes = fixture(`codec-${codec}`);
    const source = countingSource(bytes);
    const alone = await answerOf(sql, countingSource(bytes));
    const readInto = async (target: Uint8Array, start: number) => {
      target.set(bytes.subarray(start, start + target.length));
    };
    expect([await ask(source), await ask({ ...source, readInto })]).toEqual([
      alone.text,
      alone.text,
    ]);
  }
  const lost = ask({
    ...countingSource(fixture("codec-none")),
    readInto: () => Promise.reject(new SelectError("Busy", "The disk is gone.")),
  });
  await expect(lost).rejects.toMatchObject({ code: "Busy", message: "The disk is gone." });
  const short = { ...countingSource(fixture("codec-none").subarray(0, 400)), sizeBytes: 5000 };
  await expect(ask(short)).rejects.toMatchObject({ code: "TruncatedInput" });
});
