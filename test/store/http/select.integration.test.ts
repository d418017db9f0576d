/** SelectObjectContent over a real socket, asked by the clients that people use. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  CreateBucketCommand,
  PutObjectCommand,
  SelectObjectContentCommand,
  type SelectObjectContentCommandInput,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { select } from "../../../server/select/index.ts";
import { awsClient, missingClient } from "../../conformance/client-process.ts";
import { CREDENTIALS, startedStore, type StartedStore } from "./started-store.ts";

const Bucket = "asked";
const PARQUET = new URL(
  "../../server/select/parquet/fixtures/codec-snappy.parquet",
  import.meta.url,
);
const SALES =
  "date,product,quantity,amount\n2024-01-02,Tea,2,150.50\n2024-01-03,Mug,1,80\n2024-01-03,Tea,4,301\n";
const ROWS = Array.from({ length: 200_000 }, (_, index) => `${index},name ${index}\n`).join("");

/** `one,1` and `two,2`, in streams of their own. */
const PACKED = new URL("../../server/select/bzip2/packed/streams.bz2", import.meta.url);

let store: StartedStore;

beforeAll(async () => {
  store = await startedStore({ select });
  await store.client.send(new CreateBucketCommand({ Bucket }));
  const objects: Record<string, string | Buffer> = {
    "sales.csv": SALES,
    "sales.csv.gz": gzipSync(SALES),
    "users.json": '{"users":[{"name":"Ann","age":31},{"name":"Bob","age":25}]}',
    "lines.json": '{"a":1}\n{"a":"x"}\n',
    "rows.csv": ROWS,
    "streams.csv.bz2": await readFile(PACKED),
    "rows.parquet": await readFile(PARQUET),
    "broken.json": `${'{"a":1}\n'.repeat(50_000)}{"a":`,
  };
  for (const [Key, Body] of Object.entries(objects)) {
    await store.client.send(new PutObjectCommand({ Bucket, Key, Body }));
  }
});

afterAll(() => store.remove());

type Asked = Pick<SelectObjectContentCommandInput, "InputSerialization"> &
  Partial<SelectObjectContentCommandInput>;

/** What a query answers: its records, and the names of all events. */
async function ask(Key: string, Expression: string, asked: Asked) {
  const { Payload } = await store.client.send(
    new SelectObjectContentCommand({
      Bucket,
      Key,
      Expression,
      ExpressionType: "SQL",
      OutputSerialization: { CSV: {} },
      ...asked,
    }),
  );
  const records: Uint8Array[] = [];
  const events: string[] = [];
  let stats;
  for await (const event of Payload ?? []) {
    events.push(...Object.keys(event));
    if (event.Records?.Payload) records.push(event.Records.Payload);
    if (event.Stats) stats = event.Stats.Details;
  }
  return { text: Buffer.concat(records).toString(), events, stats };
}

const CSV: Asked = { InputSerialization: { CSV: { FileHeaderInfo: "USE" } } };

describe("asked by the SDK", () => {
  test("CSV, the guide's own query", async () => {
    const sql = `
      SELECT s.product, s.quantity, s.amount
      FROM s3object s
      WHERE CAST(s.amount AS FLOAT) > 100`;
    const { text, events, stats } = await ask("sales.csv", sql, {
      InputSerialization: {
        CSV: { FileHeaderInfo: "USE", FieldDelimiter: ",", QuoteCharacter: '"' },
        CompressionType: "NONE",
      },
    });
    expect(text).toBe("Tea,2,150.50\nTea,4,301\n");
    expect(events).toEqual(["Records", "Stats", "End"]);
    expect(stats).toEqual({
      BytesScanned: SALES.length,
      BytesProcessed: SALES.length,
      BytesReturned: text.length,
    });
  });

  test("GZIP, and JSON out", async () => {
    const { text } = await ask("sales.csv.gz", "SELECT product p FROM S3Object LIMIT 1", {
      InputSerialization: { CSV: { FileHeaderInfo: "USE" }, CompressionType: "GZIP" },
      OutputSerialization: { JSON: { RecordDelimiter: ";" } },
    });
    expect(text).toBe('{"p":"Tea"};');
  });

  test("BZIP2", async () => {
    const { text } = await ask("streams.csv.bz2", "SELECT _1 FROM S3Object", {
      InputSerialization: { CSV: {}, CompressionType: "BZIP2" },
    });
    expect(text).toBe("one\ntwo\n");
  });

  test("Parquet", async () => {
    const sql = "SELECT s.id, s.name FROM S3Object s WHERE s.price > 49.6";
    const { text, stats } = await ask("rows.parquet", sql, {
      InputSerialization: { Parquet: {} },
    });
    expect(text).toBe("199,name 4 é\n");
    expect(stats?.BytesReturned).toBe(Buffer.byteLength(text));
  });

  test("a JSON document with a path", async () => {
    const sql = "SELECT u.name FROM S3Object[*].users[*] u WHERE u.age > 30";
    const { text } = await ask("users.json", sql, {
      InputSerialization: { JSON: { Type: "DOCUMENT" } },
    });
    expect(text).toBe("Ann\n");
  });

  test("a scan range", async () => {
    const { text } = await ask("sales.csv", "SELECT product FROM S3Object", {
      ...CSV,
      ScanRange: { Start: 40, End: 60 },
    });
    expect(text).toBe("Mug\n");
  });

  test("many records over many messages", async () => {
    const { text, events } = await ask("rows.csv", "SELECT * FROM S3Object", {
      InputSerialization: { CSV: {} },
      RequestProgress: { Enabled: true },
    });
    expect(text).toBe(ROWS);
    expect(events.filter((event) => event === "Records").length).toBeGreaterThan(10);
    expect(events.slice(-2)).toEqual(["Stats", "End"]);
  });

  test("LIMIT reads no more than it needs", async () => {
    const { stats } = await ask("rows.csv", "SELECT * FROM S3Object LIMIT 1", {
      InputSerialization: { CSV: {} },
    });
    expect(stats?.BytesScanned).toBeLessThan(ROWS.length);
  });

  test.each([
    ["ParseUnexpectedToken", "SELECT * FROM S3Object x y", CSV],
    ["MissingHeaders", "SELECT nothing FROM S3Object", CSV],
    ["CastFailed", "SELECT CAST(product AS INT) FROM S3Object", CSV],
    [
      "ObjectSerializationConflict",
      "SELECT * FROM S3Object",
      { InputSerialization: { CSV: {}, JSON: { Type: "LINES" } } },
    ],
    ["InvalidScanRange", "SELECT * FROM S3Object", { ...CSV, ScanRange: { Start: 9, End: 1 } }],
    ["ParquetParsingError", "SELECT * FROM S3Object", { InputSerialization: { Parquet: {} } }],
    [
      "InvalidCompressionFormat",
      "SELECT * FROM S3Object",
      { InputSerialization: { Parquet: {}, CompressionType: "GZIP" } },
    ],
  ] as const)("fails with %s", async (name, sql, asked) => {
    await expect(ask("sales.csv", sql, asked)).rejects.toMatchObject({ name });
  });

  test("a range in a header is refused: it would be taken for a scan range", async () => {
    const command = new SelectObjectContentCommand({
      Bucket,
      Key: "sales.csv",
      Expression: "SELECT * FROM S3Object",
      ExpressionType: "SQL",
      ...CSV,
      OutputSerialization: { CSV: {} },
    });
    command.middlewareStack.add(
      (next) => (given) => {
        const { request } = given;
        const isOpen = typeof request === "object" && request !== null && "headers" in request;
        if (isOpen) Object.assign(request.headers ?? {}, { range: "bytes=0-9" });
        return next(given);
      },
      { step: "build" },
    );
    await expect(store.client.send(command)).rejects.toMatchObject({
      name: "UnsupportedRangeHeader",
    });
  });

  test("what is not there is NoSuchKey", async () => {
    await expect(ask("none", "SELECT * FROM S3Object", CSV)).rejects.toMatchObject({
      name: "NoSuchKey",
    });
  });

  test("a fault in mid-stream ends it with its code, and without an end", async () => {
    const asking = ask("broken.json", "SELECT * FROM S3Object", {
      InputSerialization: { JSON: { Type: "LINES" } },
      OutputSerialization: { JSON: {} },
    });
    await expect(asking).rejects.toMatchObject({ name: "JSONParsingError" });
  });
});

const why = missingClient("aws");

describe.skipIf(why !== undefined)(`asked by aws${why === undefined ? "" : ` (${why})`}`, () => {
  test("select-object-content writes the answer to a file", async () => {
    const home = await mkdtemp(join(tmpdir(), "sluice-select-"));
    try {
      const target = { ...CREDENTIALS, endpoint: store.endpoint, region: "us-east-1" };
      const aws = await awsClient(target, home);
      const out = join(home, "answer.csv");
      const where = ["--bucket", Bucket, "--key", "sales.csv"];
      const question = ["--expression-type", "SQL", "--expression", "SELECT product FROM S3Object"];
      const read = ["--input-serialization", '{"CSV":{"FileHeaderInfo":"USE"}}'];
      const write = ["--output-serialization", '{"CSV":{"QuoteFields":"ALWAYS"}}'];
      await aws("s3api", "select-object-content", ...where, ...question, ...read, ...write, out);
      expect(await readFile(out, "utf8")).toBe('"Tea"\n"Mug"\n"Tea"\n');
    } finally {
      await rm(home, { recursive: true });
    }
  });
});
