import { gzipSync } from "node:zlib";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { select } from "../../server/select/index.ts";
import type { SelectLine } from "../../shared/select-api.ts";
import { CREDENTIALS, startedStore, type StartedStore } from "../store/http/started-store.ts";
import { serveBackend, type Backend } from "./serve-backend.ts";

const Bucket = "asked";
const ROWS = Array.from({ length: 300_000 }, (_, index) => `${index},name ${index}\n`).join("");

/** A backend before a store that answers queries itself, and before one that does not. */
const scenes: { native: boolean; store: StartedStore; backend: Backend }[] = [];

beforeAll(async () => {
  for (const native of [true, false]) {
    const store = await startedStore(native ? { select } : {});
    await store.client.send(new CreateBucketCommand({ Bucket }));
    for (const [Key, Body] of [
      ["rows.csv", ROWS],
      ["rows.csv.gz", gzipSync(ROWS)],
    ] as const) {
      await store.client.send(new PutObjectCommand({ Bucket, Key, Body }));
    }
    const { endpoint } = store;
    const address = { bucket: Bucket, endpoint, region: "us-east-1", forcePathStyle: true };
    const backend = await serveBackend({ ...address, credentials: CREDENTIALS });
    scenes.push({ native, store, backend });
  }
});

afterAll(async () => {
  for (const { backend, store } of scenes) {
    await backend.close();
    await store.remove();
  }
});

function ask(backend: Backend, sql: string, more: object = {}, signal?: AbortSignal) {
  const csv = { header: "none" };
  const body = { key: "rows.csv", sql, input: { format: "csv", csv }, ...more };
  return fetch(`${backend.url}/api/select`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}

async function linesOf(response: Response): Promise<SelectLine[]> {
  const text = await response.text();
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe.each([0, 1])("POST /api/select, scene %d", (index) => {
  const scene = () => {
    const found = scenes[index];
    if (!found) throw new Error("Not started");
    return found;
  };

  it("answers by the store's engine where it has one, else by ours, and the same", async () => {
    const { backend, native } = scene();
    const lines = await linesOf(await ask(backend, "SELECT COUNT(*) c FROM S3Object"));
    expect(lines[0]).toEqual({ type: "records", payload: '{"c":300000}\n' });
    expect(lines.at(-1)).toEqual({ type: "end", engine: native ? "native" : "embedded" });
  });

  it("unpacks gzip that it found by itself", async () => {
    const sql = "SELECT _2 n FROM S3Object WHERE _1 = '7'";
    const lines = await linesOf(await ask(scene().backend, sql, { key: "rows.csv.gz" }));
    expect(lines[0]).toEqual({ type: "records", payload: '{"n":"name 7"}\n' });
  });

  it("carries megabytes, whole and in order", async () => {
    const more = { output: { format: "csv" } };
    const lines = await linesOf(await ask(scene().backend, "SELECT * FROM S3Object", more));
    const text = lines.map((line) => (line.type === "records" ? line.payload : "")).join("");
    expect(text === ROWS).toBe(true);
  });

  it("says the query's own fault", async () => {
    const response = await ask(scene().backend, "SELECT _1, FROM S3Object");
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: "query-failed" });
  });

  it("ends when its asker leaves, and gives the place back", async () => {
    const { backend } = scene();
    for (let round = 0; round < 6; round += 1) {
      const leaving = new AbortController();
      const response = await ask(backend, "SELECT * FROM S3Object", {}, leaving.signal);
      await response.body?.getReader().read();
      leaving.abort();
    }
    await expect
      .poll(async () => (await ask(backend, "SELECT _1 FROM S3Object LIMIT 1")).status)
      .toBe(200);
  });
});
