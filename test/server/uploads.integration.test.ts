import { createHash, randomBytes } from "node:crypto";
import {
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  ListMultipartUploadsCommand,
  PutBucketCorsCommand,
} from "@aws-sdk/client-s3";
import { hc } from "hono/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Api } from "../../server/routes/index.ts";
import { prepareBucket, type S3Endpoint } from "../../server/s3/index.ts";
import type { OpenedUpload } from "../../shared/api.ts";
import { openTarget, type Target } from "../conformance/target.ts";
import { awkwardPaths } from "../fixtures/awkward-names.ts";
import { serveBackend, type Backend } from "./serve-backend.ts";

const MiB = 1024 * 1024;
/** Text would bring a Content-Type that no part URL was signed for. */
const ONE_BYTE = new Uint8Array(1);
const ORIGIN = "http://localhost:8080";

let target: Target;
let bucket: S3Endpoint;
let backend: Backend;
let api: ReturnType<typeof hc<Api>>["api"];

beforeAll(async () => {
  target = await openTarget();
  const { endpoint, region, accessKeyId, secretAccessKey } = target;
  bucket = {
    bucket: await target.makeBucket(),
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  };
  backend = await serveBackend(bucket);
  ({ api } = hc<Api>(backend.url));
});

afterAll(async () => {
  await backend?.close();
  await target?.close();
});

type Multipart = Extract<OpenedUpload, { method: "multipart" }>;
type SinglePut = Extract<OpenedUpload, { method: "put" }>;

async function openAll(
  files: { name: string; sizeBytes: number; contentType?: string; relativePath?: string }[],
  ifExists: "rename" | "replace" | "fail" = "rename",
): Promise<OpenedUpload[]> {
  const response = await api.uploads.$post({ json: { files, ifExists } });
  expect(response.status).toBe(201);
  return (await response.json()).uploads;
}

async function openMultipart(
  name: string,
  sizeBytes: number,
  ifExists?: "fail",
): Promise<Multipart> {
  const [upload] = await openAll([{ name, sizeBytes, contentType: "video/mp4" }], ifExists);
  if (upload === undefined || !("method" in upload) || upload.method !== "multipart") {
    throw new Error(`No multipart upload: ${JSON.stringify(upload)}`);
  }
  return upload;
}

function asPut(upload: OpenedUpload | undefined): SinglePut {
  if (upload === undefined || !("method" in upload) || upload.method !== "put") {
    throw new Error(`No single PUT: ${JSON.stringify(upload)}`);
  }
  return upload;
}

async function sendParts(
  upload: Multipart,
  bytes: Uint8Array<ArrayBuffer>,
  partNumbers: readonly number[],
) {
  const etags: { partNumber: number; etag: string }[] = [];
  for (const { partNumber, url } of upload.parts) {
    if (!partNumbers.includes(partNumber)) continue;
    const start = (partNumber - 1) * upload.partSizeBytes;
    const body = bytes.subarray(start, start + upload.partSizeBytes);
    const response = await fetch(url, { method: "PUT", body });
    expect(response.status, await response.text()).toBe(200);
    etags.push({ partNumber, etag: response.headers.get("etag") ?? "" });
  }
  return etags;
}

/** The problem of a refused request; the client's types know answers of success alone. */
async function problemOf(response: { status: number; text(): Promise<string> }) {
  expect(response.status).toBeGreaterThanOrEqual(400);
  return JSON.parse(await response.text());
}

async function download(key: string): Promise<{ bytes: Buffer; response: Response }> {
  const signed = await (await api.downloads.$post({ json: { key } })).json();
  const response = await fetch(signed.urls[0] ?? "");
  return { bytes: Buffer.from(await response.arrayBuffer()), response };
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function openUploadIds(): Promise<(string | undefined)[]> {
  const listed = await target.client.send(
    new ListMultipartUploadsCommand({ Bucket: bucket.bucket }),
  );
  return (listed.Uploads ?? []).map(({ UploadId }) => UploadId);
}

describe("a large file", () => {
  const bytes = randomBytes(17 * MiB + 1);

  it("arrives byte for byte through signed parts, and completing it again answers the same", async () => {
    const upload = await openMultipart("folder/large #1.mp4", bytes.length);
    const parts = await sendParts(upload, bytes, [3, 1, 2]);
    const complete = () =>
      api.uploads[":id"].complete.$post({ param: { id: upload.id }, json: { parts } });
    const receipt = await (await complete()).json();
    expect(receipt).toMatchObject({ key: upload.key, sizeBytes: bytes.length });
    expect(receipt.etag).toMatch(/-3"$/);
    expect(await (await complete()).json()).toEqual(receipt);
    const { bytes: stored, response } = await download(upload.key);
    expect(sha256(stored)).toBe(sha256(bytes));
    expect(response.headers.get("content-type")).toBe("video/mp4");
  });

  it("goes on after a part was missing, which is named", async () => {
    const upload = await openMultipart("missing.mp4", bytes.length);
    const param = { id: upload.id };
    await sendParts(upload, bytes, [1, 3]);
    const refused = await api.uploads[":id"].complete.$post({ param, json: {} });
    expect(await problemOf(refused)).toMatchObject({
      code: "upload-incomplete",
      detail: "Of 3 parts: missing: 2.",
    });
    const listed = await (await api.uploads[":id"].parts.$get({ param })).json();
    expect(listed.state).toBe("open");
    expect(listed.parts.map(({ partNumber }) => partNumber)).toEqual([1, 3]);
    await sendParts(upload, bytes, [2]);
    const done = await api.uploads[":id"].complete.$post({ param, json: {} });
    expect(done.status).toBe(200);
    const after = await (await api.uploads[":id"].parts.$get({ param })).json();
    expect(after.state).toBe("completed");
  });

  it("is not completed with a part of another size", async () => {
    const upload = await openMultipart("short.mp4", bytes.length);
    await sendParts(upload, bytes, [1, 3]);
    await fetch(upload.parts[1]?.url ?? "", { method: "PUT", body: bytes.subarray(0, 5 * MiB) });
    const refused = await api.uploads[":id"].complete.$post({
      param: { id: upload.id },
      json: {},
    });
    expect(await problemOf(refused)).toMatchObject({
      code: "upload-incomplete",
      detail: `The 3 parts hold ${14 * MiB + 1} bytes, and the file has ${bytes.length}.`,
    });
    const parts = [1, 2, 3].map((partNumber) => ({ partNumber, etag: "x", sizeBytes: 1 }));
    const named = await api.uploads[":id"].complete.$post({
      param: { id: upload.id },
      json: { parts },
    });
    expect(await problemOf(named)).toMatchObject({ partNumbers: [1, 2, 3] });
  });

  it("leaves nothing in the storage after an abort", async () => {
    const upload = await openMultipart("aborted.mp4", bytes.length);
    await sendParts(upload, bytes, [1]);
    const before = (await openUploadIds()).length;
    const param = { id: upload.id };
    expect((await api.uploads[":id"].$delete({ param })).status).toBe(204);
    expect((await api.uploads[":id"].$delete({ param })).status).toBe(204);
    expect(await openUploadIds()).toHaveLength(before - 1);
    const listed = await (await api.uploads[":id"].parts.$get({ param })).json();
    expect(listed).toMatchObject({ state: "gone", parts: [] });
    const refused = await api.uploads[":id"].complete.$post({ param, json: {} });
    expect(await problemOf(refused)).toMatchObject({ code: "upload-gone" });
  });

  it("does not overwrite what came first, with a storage that ignores conditions too", async () => {
    const first = await openMultipart("race.mp4", bytes.length, "fail");
    const second = await openMultipart("race.mp4", bytes.length, "fail");
    for (const upload of [first, second]) await sendParts(upload, bytes, [1, 2, 3]);
    const complete = (upload: Multipart) =>
      api.uploads[":id"].complete.$post({ param: { id: upload.id }, json: {} });
    expect((await complete(first)).status).toBe(200);
    expect(await problemOf(await complete(second))).toMatchObject({ code: "key-exists" });
  });

  it("takes no part with a URL whose part number was changed", async () => {
    const upload = await openMultipart("forged.mp4", bytes.length);
    const url = upload.parts[0]?.url.replace("partNumber=1&", "partNumber=2&") ?? "";
    expect((await fetch(url, { method: "PUT", body: ONE_BYTE })).status).toBe(403);
  });
});

describe("small files", () => {
  it("arrive with awkward names, folders, types and none of a size too much", async () => {
    const files = awkwardPaths(60).map((path, index) => ({
      name: path.slice(path.lastIndexOf("/") + 1),
      relativePath: `awkward/${path}`,
      sizeBytes: index % 3,
      contentType: ["text/plain", "image/svg+xml", "application/x-zip; a=b"][index % 3] ?? "",
    }));
    const uploads = await openAll(files);
    await Promise.all(
      uploads.map(async (opened, index) => {
        const upload = asPut(opened);
        const file = files[index];
        expect(upload.key).toBe(file?.relativePath.normalize("NFC"));
        const body = "x".repeat(file?.sizeBytes ?? 0);
        const { status } = await fetch(upload.url, {
          method: "PUT",
          headers: upload.headers,
          body,
        });
        expect(status, upload.key).toBe(200);
        const { bytes, response } = await download(upload.key);
        expect(bytes.toString()).toBe(body);
        expect(response.headers.get("content-type")).toBe(file?.contentType);
      }),
    );
  });

  it("of the same name stand beside each other", async () => {
    const file = { name: "same.txt", sizeBytes: 1 };
    const first = (await openAll([file, file])).map((upload) => asPut(upload));
    expect(first.map(({ key }) => key)).toEqual(["same.txt", "same (2).txt"]);
    for (const { url, headers } of first) await fetch(url, { method: "PUT", headers, body: "x" });
    expect((await openAll([file])).map((upload) => asPut(upload).key)).toEqual(["same (3).txt"]);
    const [refused] = await openAll([file], "fail");
    expect(refused).toMatchObject({ problem: { code: "key-exists" } });
    const [replaced] = await openAll([file], "replace");
    expect(asPut(replaced).key).toBe("same.txt");
  });

  it("are confirmed once they are there, and not before", async () => {
    const upload = asPut((await openAll([{ name: "one.txt", sizeBytes: 1 }]))[0]);
    const complete = () =>
      api.uploads[":id"].complete.$post({ param: { id: upload.id }, json: {} });
    expect(await problemOf(await complete())).toMatchObject({ code: "upload-incomplete" });
    const { url, headers } = upload;
    const sent = await fetch(url, { method: "PUT", headers, body: "x" });
    expect(await (await complete()).json()).toMatchObject({
      key: "one.txt",
      sizeBytes: 1,
      etag: sent.headers.get("etag"),
    });
  });

  it("are not taken for others of the same name and size", async () => {
    const file = { name: "twin.txt", sizeBytes: 1 };
    const [mine, theirs] = [asPut((await openAll([file]))[0]), asPut((await openAll([file]))[0])];
    expect(mine.key).toBe(theirs.key);
    const send = ({ url, headers }: SinglePut) => fetch(url, { method: "PUT", headers, body: "x" });
    expect((await send(theirs)).status).toBe(200);
    const param = { id: mine.id };
    const confirmed = await api.uploads[":id"].complete.$post({ param, json: {} });
    expect(await problemOf(confirmed)).toMatchObject({ code: "key-exists" });
    const listed = await (await api.uploads[":id"].parts.$get({ param })).json();
    expect(listed.state).toBe("open");
  });

  it("are refused with another length or type than announced", async () => {
    const file = { name: "strict.txt", sizeBytes: 1, contentType: "text/plain" };
    const { url, headers } = asPut((await openAll([file]))[0]);
    const longer = await fetch(url, { method: "PUT", headers, body: "xy" });
    expect(longer.status).toBe(403);
    const html = { ...headers, "content-type": "text/html" };
    const other = await fetch(url, { method: "PUT", headers: html, body: "x" });
    expect(other.status).toBe(403);
  });
});

describe("prepareBucket", () => {
  it("lets our pages in, keeps other rules, and may be repeated", async () => {
    const Bucket = await target.makeBucket();
    const others = [
      { ID: "other", AllowedOrigins: ["https://o.example"], AllowedMethods: ["GET"] },
    ];
    await target.client.send(
      new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: others } }),
    );
    await prepareBucket({ ...bucket, bucket: Bucket }, ["http://localhost:1"]);
    await prepareBucket({ ...bucket, bucket: Bucket }, [ORIGIN]);
    const { CORSRules = [] } = await target.client.send(new GetBucketCorsCommand({ Bucket }));
    expect(CORSRules.map(({ ID, AllowedOrigins }) => [ID, AllowedOrigins])).toEqual(
      expect.arrayContaining([
        ["sluice-app", [ORIGIN]],
        ["other", ["https://o.example"]],
      ]),
    );
    const { Rules = [] } = await target.client.send(
      new GetBucketLifecycleConfigurationCommand({ Bucket }),
    );
    expect(Rules).toMatchObject([
      { Status: "Enabled", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
    ]);
  });

  it("makes a browser see the ETag of a part", async () => {
    await prepareBucket(bucket, [ORIGIN]);
    const upload = await openMultipart("cors.mp4", 17 * MiB);
    const url = upload.parts[0]?.url ?? "";
    const preflight = await fetch(url, {
      method: "OPTIONS",
      headers: { origin: ORIGIN, "access-control-request-method": "PUT" },
    });
    expect(preflight.status).toBe(200);
    const sent = await fetch(url, { method: "PUT", headers: { origin: ORIGIN }, body: ONE_BYTE });
    expect(sent.headers.get("access-control-allow-origin")).toBe(ORIGIN);
    expect(sent.headers.get("access-control-expose-headers")?.toLowerCase()).toContain("etag");
  });
});
