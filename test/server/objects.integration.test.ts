import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ListObjectsResponse } from "../../shared/api.ts";
import { CREDENTIALS, startedStore, type StartedStore } from "../store/http/started-store.ts";
import { serveBackend, type Backend } from "./serve-backend.ts";

const bucket = "listed";
const KEYS = ["a b+c%.csv", "logs/2026/a.json", "logs/2026/b.json", "logs/z.csv", "tab\tä.csv"];
let store: StartedStore;
let backend: Backend;

beforeAll(async () => {
  store = await startedStore();
  await store.client.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const Key of KEYS) {
    await store.client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }));
  }
  const { endpoint } = store;
  const address = { bucket, endpoint, region: "us-east-1", forcePathStyle: true };
  backend = await serveBackend({ ...address, credentials: CREDENTIALS });
});

afterAll(async () => {
  await backend.close();
  await store.remove();
});

async function list(parameters: Record<string, string>): Promise<ListObjectsResponse> {
  const response = await fetch(`${backend.url}/api/objects?${new URLSearchParams(parameters)}`);
  return ListObjectsResponse.parse(await response.json());
}

describe("GET /api/objects over a store", () => {
  it("names every key as it is, whatever is in it", async () => {
    const { objects, nextCursor } = await list({});
    expect(objects.map(({ key }) => key)).toEqual(KEYS);
    expect(objects[0]).toMatchObject({ sizeBytes: 10, storageClass: "STANDARD" });
    expect(nextCursor).toBeNull();
  });

  it("rolls folders up", async () => {
    const { objects, prefixes } = await list({ prefix: "logs/", delimiter: "/" });
    expect(prefixes).toEqual(["logs/2026/"]);
    expect(objects.map(({ key }) => key)).toEqual(["logs/z.csv"]);
  });

  it("goes on page by page until the last", async () => {
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: ListObjectsResponse = await list({ limit: "2", ...(cursor && { cursor }) });
      seen.push(...page.objects.map(({ key }) => key));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(KEYS);
  });

  it("says that a cursor is none", async () => {
    const response = await fetch(`${backend.url}/api/objects?cursor=made-up`);
    expect(response.status).toBe(400);
  });
});
