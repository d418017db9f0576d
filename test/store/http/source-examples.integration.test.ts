/** The client's own examples of S3 Select, as they stand there, asked of the embedded store by the AWS SDK. */
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import {
  CreateBucketCommand,
  PutObjectCommand,
  RestoreObjectCommand,
  SelectObjectContentCommand,
  type SelectObjectContentCommandInput,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { select } from "../../../server/select/index.ts";
import { startedStore, type StartedStore } from "./started-store.ts";

const Bucket = "my-bucket";
const PARQUET = new URL("../../server/select/by-name/analytics.parquet", import.meta.url);

const PEOPLE =
  "name,age,city,status,price\n" +
  "Ann Smith,31,Bern,active,10\nBob Jones,25,Ulm,idle,20.5\nCyd Smithers,40,Bern,active,0\n";

const SALES =
  'product,quantity,price\nTea,2,99.99\n"Kettle, large",1,149\nMug,10,100\nSamovar,1,480.5\n';

const USERS = {
  users: [
    { user: { name: "Ann", email: "ann@example.com", age: 31 } },
    { user: { name: "Bob", email: "bob@example.com", age: 30 } },
    { user: { name: "Cyd", email: "cyd@example.com", age: 77 } },
  ],
};

const SALES_2024 =
  "date,region,product,quantity,amount\n" +
  "2024-01-02,EU,Tea,2,1500.50\n2024-01-03,US,Mug,1,80\n2024-01-03,EU,Kettle,4,3010\n" +
  "2024-02-01,EU,Tea,1,1000\n2024-02-07,US,Tea,3,2250.25\n";

let store: StartedStore;

beforeAll(async () => {
  store = await startedStore({ select, restoreMs: 0 });
  await store.client.send(new CreateBucketCommand({ Bucket }));
  const objects: Record<string, string | Buffer> = {
    "people.csv": PEOPLE,
    "data/sales.csv": SALES,
    "data/users.json": JSON.stringify(USERS),
    "data/analytics.parquet": await readFile(PARQUET),
    "data/sales_2024.csv": SALES_2024,
    "data/sales_2024.csv.gz": gzipSync(SALES_2024),
  };
  for (const [Key, Body] of Object.entries(objects)) {
    await store.client.send(new PutObjectCommand({ Bucket, Key, Body }));
  }
});

afterAll(() => store.remove());

/** Records as text, and the bytes that were scanned and returned. */
async function ask(asked: Omit<SelectObjectContentCommandInput, "Bucket" | "ExpressionType">) {
  const command = new SelectObjectContentCommand({ Bucket, ExpressionType: "SQL", ...asked });
  const { Payload = [] } = await store.client.send(command);
  const records: Uint8Array[] = [];
  let stats;
  for await (const { Records, Stats } of Payload) {
    if (Records?.Payload) records.push(Records.Payload);
    if (Stats) stats = Stats.Details;
  }
  return { text: Buffer.concat(records).toString(), stats };
}

describe("SQL syntax", () => {
  const rows = PEOPLE.slice(PEOPLE.indexOf("\n") + 1);
  const [ann = "", , cyd = ""] = rows.split("\n");

  test.each([
    ["basic SELECT", "SELECT * FROM s3object s LIMIT 100", rows],
    [
      "column selection",
      "SELECT s.name, s.age, s.city FROM s3object s",
      "Ann Smith,31,Bern\nBob Jones,25,Ulm\nCyd Smithers,40,Bern\n",
    ],
    ["filtering with WHERE", "SELECT * FROM s3object s WHERE s.age > 25", `${ann}\n${cyd}\n`],
    ["aggregations", "SELECT COUNT(*) FROM s3object s WHERE s.status = 'active'", "2\n"],
    [
      "string functions",
      "SELECT * FROM s3object s WHERE s.name LIKE '%Smith%'",
      `${ann}\n${cyd}\n`,
    ],
    [
      "type casting",
      "SELECT CAST(s.price AS FLOAT) * 1.1 AS adjusted_price FROM s3object s",
      "11.0\n22.55\n0.0\n",
    ],
  ])("%s", async (_, Expression, answer) => {
    const { text } = await ask({
      Key: "people.csv",
      Expression,
      InputSerialization: { CSV: { FileHeaderInfo: "USE" } },
      OutputSerialization: { CSV: {} },
    });
    expect(text).toBe(answer);
  });
});

test("query a CSV file", async () => {
  const { text, stats } = await ask({
    Key: "data/sales.csv",
    Expression: `
        SELECT s.product, s.quantity, s.price
        FROM s3object s
        WHERE CAST(s.price AS FLOAT) > 100
    `,
    InputSerialization: {
      CSV: { FileHeaderInfo: "USE", FieldDelimiter: ",", QuoteCharacter: '"' },
      CompressionType: "NONE",
    },
    OutputSerialization: { CSV: {} },
  });
  expect(text).toBe('"Kettle, large",1,149\nSamovar,1,480.5\n');
  expect(stats?.BytesScanned).toBe(SALES.length);
  expect(stats?.BytesReturned).toBe(text.length);
});

test("query a JSON file", async () => {
  const { text } = await ask({
    Key: "data/users.json",
    Expression: `
        SELECT s.user.name, s.user.email
        FROM s3object[*].users[*] s
        WHERE s.user.age > 30
    `,
    InputSerialization: { JSON: { Type: "DOCUMENT" } },
    OutputSerialization: { JSON: {} },
  });
  expect(text).toBe(
    '{"name":"Ann","email":"ann@example.com"}\n{"name":"Cyd","email":"cyd@example.com"}\n',
  );
});

test("query a Parquet file", async () => {
  const { text } = await ask({
    Key: "data/analytics.parquet",
    Expression: `
        SELECT timestamp, user_id, event_type
        FROM s3object s
        WHERE event_type = 'purchase'
    `,
    InputSerialization: { Parquet: {} },
    OutputSerialization: { JSON: {} },
  });
  const records = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(records).toMatchObject([
    { user_id: 17, event_type: "purchase" },
    { user_id: 23, event_type: "purchase" },
  ]);
  expect(records.map(({ timestamp }) => Date.parse(timestamp))).toEqual([
    Date.parse("2024-05-01T09:02:30Z"),
    Date.parse("2024-05-02T18:45:10Z"),
  ]);
});

test("query archived data, once it is restored", async () => {
  const Key = "archived-data.csv";
  const Body = "year,event\n2022,a\n2023,b\n2023,c\n";
  const object = { Bucket, Key, Body, StorageClass: "GLACIER" } as const;
  await store.client.send(new PutObjectCommand(object));
  const asked = {
    Key,
    Expression: "SELECT * FROM s3object s WHERE s.year = '2023'",
    InputSerialization: { CSV: { FileHeaderInfo: "USE" } },
    OutputSerialization: { CSV: {} },
    ScanRange: { Start: 0, End: 1_048_576 },
  } as const;
  await expect(ask(asked)).rejects.toThrow("not valid for the object's storage class");
  await store.client.send(new RestoreObjectCommand({ Bucket, Key, RestoreRequest: { Days: 1 } }));
  expect((await ask(asked)).text).toBe("2023,b\n2023,c\n");
});

describe("analyze sales data", () => {
  test.each(["data/sales_2024.csv", "data/sales_2024.csv.gz"])("%s", async (Key) => {
    const minAmount = 1000;
    const { text } = await ask({
      Key,
      Expression: `
        SELECT s.date, s.product, s.quantity, s.amount
        FROM s3object s
        WHERE CAST(s.amount AS FLOAT) > ${minAmount}
    `,
      InputSerialization: {
        CSV: { FileHeaderInfo: "USE", FieldDelimiter: "," },
        ...(Key.endsWith(".gz") && { CompressionType: "GZIP" as const }),
      },
      OutputSerialization: { CSV: {} },
    });
    const rows = text
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    const amounts = rows.map(([, product = "", , amount]) => ({ product, amount: Number(amount) }));
    const totals = new Map<string, number>();
    for (const { product, amount } of amounts) {
      totals.set(product, (totals.get(product) ?? 0) + amount);
    }
    const top = [...totals].toSorted(([, a], [, b]) => b - a).slice(0, 5);
    expect(rows).toHaveLength(3);
    expect(amounts.reduce((sum, { amount }) => sum + amount, 0)).toBe(6760.75);
    expect(top).toEqual([
      ["Tea", 3750.75],
      ["Kettle", 3010],
    ]);
  });
});
