import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { select } from "../../server/select/index.ts";
import { CREDENTIALS, startedStore, type StartedStore } from "../store/http/started-store.ts";
import { serveBackend, type Backend } from "./serve-backend.ts";

const Bucket = "vault";

let store: StartedStore;
let backend: Backend;

beforeAll(async () => {
  store = await startedStore({ select, restoreMs: 400 });
  await store.client.send(new CreateBucketCommand({ Bucket }));
  const { endpoint } = store;
  const address = { bucket: Bucket, endpoint, region: "us-east-1", forcePathStyle: true };
  backend = await serveBackend({ ...address, credentials: CREDENTIALS });
});

afterAll(async () => {
  await backend.close();
  await store.remove();
});

async function post(path: string, body: object) {
  const response = await fetch(backend.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

it.each(["native", "embedded"])(
  "an archived object is asked once it was restored, engine %s",
  async (engine) => {
    const Key = `${engine}.csv`;
    const object = { Bucket, Key, Body: "n\n1\n2\n", StorageClass: "GLACIER" } as const;
    await store.client.send(new PutObjectCommand(object));
    const sql = "SELECT COUNT(*) c FROM S3Object";
    const query = () => post("/api/select", { key: Key, sql, input: { format: "csv" }, engine });

    const refused = await query();
    expect([refused.status, JSON.parse(refused.text).code]).toEqual([409, "object-archived"]);
    const begun = await post("/api/objects/restore", { key: Key, days: 1 });
    expect([begun.status, JSON.parse(begun.text).state]).toEqual([202, "restoring"]);
    const waiting = await query();
    expect(JSON.parse(waiting.text).detail).toContain("is being restored");
    const again = await post("/api/objects/restore", { key: Key, days: 1 });
    expect([again.status, JSON.parse(again.text).state]).toEqual([202, "restoring"]);

    await expect.poll(async () => (await query()).status, { timeout: 5000 }).toBe(200);
    expect((await query()).text).toContain('{\\"c\\":2}');
    const longer = await post("/api/objects/restore", { key: Key, days: 2 });
    expect([longer.status, JSON.parse(longer.text).state]).toEqual([202, "restored"]);
  },
);
