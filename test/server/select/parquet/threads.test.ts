import { afterAll, expect, test } from "vitest";
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
