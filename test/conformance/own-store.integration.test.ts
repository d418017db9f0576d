/** What S3 does at its limits, on an embedded store whose parts may be tiny: run wherever the tests run. */
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
} from "@aws-sdk/client-s3";
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { checksumOf } from "./checksum.ts";
import { errorFields, verdict } from "./error-document.ts";
import {
  objectPath,
  sendSigned,
  signedHeaders,
  type RawAnswer,
  type RawRequest,
} from "./raw-request.ts";
import { refusalOf } from "./refusal.ts";
import { makeClient, openOwnStore } from "./target.ts";

const PART_COUNT = 10_000;
const CONNECTIONS = 16;
const MIB = 1024 * 1024;
const DAY_MS = 86_400_000;

const target = await openOwnStore({ minPartSizeBytes: 1 });
const { client } = target;
/** Adds no checksums of its own, as a browser does not. */
const plain = makeClient(target, { requestChecksumCalculation: "WHEN_REQUIRED" });
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
afterAll(async () => {
  agent.destroy();
  plain.destroy();
  await target.close();
});

it("10,000 parts are listed in ten pages and completed within seconds", async () => {
  const upload = await createUpload("ten thousand");
  const query = { uploadId: upload.UploadId };
  const path = objectPath(upload.Bucket, upload.Key);
  await inParallel(PART_COUNT, async (index) => {
    const partNumber = String(index + 1);
    await send({ method: "PUT", path, query: { ...query, partNumber }, body: partBody(index) });
  });

  const { parts, pageCount } = await listAllParts(upload);
  expect({ count: parts.length, pageCount }).toEqual({ count: PART_COUNT, pageCount: 10 });

  const startedAt = performance.now();
  const list = { ...upload, MultipartUpload: { Parts: parts } };
  const { ETag } = await client.send(new CompleteMultipartUploadCommand(list));
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(ETag).toMatch(/^"[0-9a-f]{32}-10000"$/);

  const expected = createHash("sha256");
  for (let index = 0; index < PART_COUNT; index += 1) expected.update(partBody(index));
  const { Body } = await client.send(new GetObjectCommand(placeOf(upload)));
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(expected.digest("hex"));
  const last = `bytes=${bytes.length - partBody(PART_COUNT - 1).length}-`;
  const range = await client.send(new GetObjectCommand({ ...placeOf(upload), Range: last }));
  expect(await range.Body?.transformToString()).toBe(partBody(PART_COUNT - 1));
}, 120_000);

it("a part without a checksum gets a CRC64NVME, in the answer and in the list of parts", async () => {
  const upload = await createUpload("summed by itself");
  const Body = Buffer.from("hello");
  const part = await plain.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body }));
  const { Parts = [] } = await plain.send(new ListPartsCommand(upload));
  const ChecksumCRC64NVME = checksumOf("CRC64NVME", Body);
  expect([part, Parts[0]]).toMatchObject([{ ChecksumCRC64NVME }, { ChecksumCRC64NVME }]);
});

it("a CRC64NVME that is first named at completion is held against the parts before it", async () => {
  const upload = await createUpload("summed at last");
  const Parts: CompletedPart[] = [];
  for (const [index, text] of ["hel", "lo"].entries()) {
    const part = { PartNumber: index + 1, Body: Buffer.from(text) };
    const { ETag } = await plain.send(new UploadPartCommand({ ...upload, ...part }));
    Parts.push({ PartNumber: part.PartNumber, ETag });
  }
  const complete = (text: string) => {
    const ChecksumCRC64NVME = checksumOf("CRC64NVME", Buffer.from(text));
    const completion = { ...upload, MultipartUpload: { Parts }, ChecksumCRC64NVME };
    return plain.send(new CompleteMultipartUploadCommand(completion));
  };
  expect(await refusalOf(complete("hallo"))).toBe("400 BadDigest");
  expect((await listAllParts(upload)).parts).toHaveLength(2);
  expect(await complete("hello")).toMatchObject({ ChecksumType: "FULL_OBJECT" });
});

it("completing copies no byte: the files on disk stay the same", async () => {
  const upload = await createUpload("uncopied");
  const parts: CompletedPart[] = [];
  for (const PartNumber of [1, 2, 3]) {
    const Body = Buffer.alloc(5 * MIB, PartNumber);
    const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
    parts.push({ PartNumber, ETag });
  }
  const before = largeFiles();
  expect(before.length).toBeGreaterThanOrEqual(3);
  await client.send(
    new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } }),
  );
  expect(largeFiles()).toEqual(before);
});

it("more than 1,000 uploads in flight are listed page by page", async () => {
  const Bucket = await target.makeBucket();
  const path = (index: number) => objectPath(Bucket, `in flight/${index % 500}`);
  await inParallel(1_050, (index) =>
    send({ method: "POST", path: path(index), query: { uploads: "" } }),
  );
  const first = await client.send(new ListMultipartUploadsCommand({ Bucket }));
  expect({ count: first.Uploads?.length, IsTruncated: first.IsTruncated }).toEqual({
    count: 1_000,
    IsTruncated: true,
  });
  const second = await client.send(
    new ListMultipartUploadsCommand({
      Bucket,
      KeyMarker: first.NextKeyMarker,
      UploadIdMarker: first.NextUploadIdMarker,
    }),
  );
  expect(second.IsTruncated).toBe(false);
  const ids = [...(first.Uploads ?? []), ...(second.Uploads ?? [])].map(({ UploadId }) => UploadId);
  expect(new Set(ids).size).toBe(1_050);
});

it("more than 1,000 objects are listed page by page, and a delimiter folds them into one entry", async () => {
  const Bucket = await target.makeBucket();
  await inParallel(1_001, (index) =>
    send({ method: "PUT", path: objectPath(Bucket, `many/${index}`), body: "x" }),
  );
  const page = await client.send(new ListObjectsV2Command({ Bucket }));
  expect(page).toMatchObject({ KeyCount: 1_000, IsTruncated: true });
  const rest = await client.send(
    new ListObjectsV2Command({ Bucket, ContinuationToken: page.NextContinuationToken }),
  );
  expect(rest).toMatchObject({ KeyCount: 1, IsTruncated: false });
  const folded = await client.send(new ListObjectsV2Command({ Bucket, Delimiter: "/" }));
  expect(folded).toMatchObject({ KeyCount: 1, CommonPrefixes: [{ Prefix: "many/" }] });
});

it("a read that began before its object was overwritten ends with the old bytes", async () => {
  const Bucket = await target.makeBucket();
  const place = { Bucket, Key: "overwritten" };
  const old = Buffer.alloc(20 * MIB, "old");
  await client.send(new PutObjectCommand({ ...place, Body: old }));
  const { Body } = await client.send(new GetObjectCommand(place));
  await client.send(new PutObjectCommand({ ...place, Body: "new" }));
  expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(old)).toBe(true);
});

it("a part that is still arriving when its upload is aborted is refused and not kept", async () => {
  const upload = await createUpload("aborted in flight");
  const query = { uploadId: upload.UploadId };
  const path = objectPath(upload.Bucket, upload.Key);
  const files = allFiles().length;
  const ask = { method: "PUT", path, query: { ...query, partNumber: "1" } };
  const headers = signedHeaders(target, ask, { payloadHash: "UNSIGNED-PAYLOAD" });
  const { hostname, port } = new URL(target.endpoint);
  const sizeBytes = 2 * MIB;
  const sent = request({
    hostname,
    port,
    method: "PUT",
    path: `${path}?${new URLSearchParams(ask.query)}`,
    headers: { ...headers, "content-length": String(sizeBytes) },
  });
  const status = new Promise((resolve, reject) => {
    sent.on("response", (answer) => resolve(answer.resume().statusCode));
    sent.on("error", reject);
  });
  await new Promise<void>((resolve) => sent.write(Buffer.alloc(MIB), () => resolve()));
  await send({ method: "DELETE", path, query });
  sent.end(Buffer.alloc(sizeBytes - MIB));
  expect(await status).toBe(404);
  const list = client.send(new ListPartsCommand(upload));
  expect(await refusalOf(list)).toBe("404 NoSuchUpload");
  await expect.poll(() => allFiles().length, { timeout: 10_000 }).toBeLessThanOrEqual(files);
});

it("lifecycle rules abort uploads and expire objects once their days have passed", async () => {
  let now = Date.now();
  const store = await openOwnStore({ clock: () => now, sweepIntervalMs: 20 });
  const ask = (method: string, path: string, query: Record<string, string> = {}, body = "") =>
    sendSigned(store, { method, path, query, body }, { signedAt: now });
  const Bucket = await store.makeBucket();
  const action =
    "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>";
  const rules = [
    `<Rule><ID>a</ID><Filter><Prefix>in/</Prefix></Filter><Status>Enabled</Status>${action}</Rule>`,
    "<Rule><ID>b</ID><Filter><Prefix>tmp/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>2</Days></Expiration></Rule>",
    "<Rule><ID>c</ID><Filter><Prefix>off/</Prefix></Filter><Status>Disabled</Status><Expiration><Days>2</Days></Expiration></Rule>",
  ];
  const document = `<LifecycleConfiguration>${rules.join("")}</LifecycleConfiguration>`;
  const lifecycle = await ask("PUT", objectPath(Bucket), { lifecycle: "" }, document);
  expect(verdict(lifecycle)).toBe("200");
  for (const key of ["tmp/x", "off/x", "x"]) await ask("PUT", objectPath(Bucket, key), {}, "x");
  for (const key of ["in/x", "out/x"]) await ask("POST", objectPath(Bucket, key), { uploads: "" });

  const objects = async () => matches(await ask("GET", objectPath(Bucket)), "Key");
  const uploads = async () => matches(await ask("GET", objectPath(Bucket), { uploads: "" }), "Key");
  now += 3 * DAY_MS;
  await expect.poll(objects, { timeout: 10_000 }).toEqual(["off/x", "x"]);
  expect(await uploads()).toEqual(["in/x", "out/x"]);
  now += 5 * DAY_MS;
  await expect.poll(uploads, { timeout: 10_000 }).toEqual(["out/x"]);
  expect(await objects()).toEqual(["off/x", "x"]);
  await store.close();
});

/** Texts of the elements called `name`. */
function matches({ body }: RawAnswer, name: string): string[] {
  const found = body.toString().matchAll(new RegExp(`<${name}>([^<]*)<`, "g"));
  return [...found].map(([, text = ""]) => text);
}

async function createUpload(Key: string) {
  const Bucket = await target.makeBucket();
  // No checksum asked of the parts, as a browser's presigned PUT has none.
  const answer = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  return { Bucket, Key, UploadId: answer.UploadId ?? "" };
}

const placeOf = ({ Bucket, Key }: { Bucket: string; Key: string }) => ({ Bucket, Key });

/** Distinct in content and length, so that a part in the wrong place changes the whole. */
function partBody(index: number): string {
  return `part ${index};`.repeat(1 + (index % 3));
}

async function listAllParts(upload: { Bucket: string; Key: string; UploadId: string }) {
  const parts: CompletedPart[] = [];
  let pageCount = 0;
  for (let PartNumberMarker = "0"; ; pageCount += 1) {
    const page = await client.send(new ListPartsCommand({ ...upload, PartNumberMarker }));
    parts.push(...(page.Parts ?? []).map(({ PartNumber, ETag }) => ({ PartNumber, ETag })));
    if (!page.IsTruncated) return { parts, pageCount: pageCount + 1 };
    PartNumberMarker = page.NextPartNumberMarker ?? "";
  }
}

async function inParallel(count: number, task: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await task(index);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
}

async function send(ask: RawRequest): Promise<void> {
  const answer = await sendSigned(target, { ...ask, agent });
  if (answer.status >= 300) throw new Error(`${answer.status} ${errorFields(answer)["Code"]}`);
}

function allFiles(): string[] {
  return readdirSync(target.directory, { recursive: true, encoding: "utf8" });
}

/** Every file of a MiB or more but the catalogue's, with its identity, size and times of change. */
function largeFiles(): string[] {
  const files = allFiles()
    .filter((name) => !name.startsWith("catalogue"))
    .map((name) => ({ name, stat: statSync(join(target.directory, name)) }))
    .filter(({ stat }) => stat.isFile() && stat.size >= MIB);
  return files
    .map(({ name, stat }) => `${name} ${stat.ino} ${stat.size} ${stat.mtimeMs}`)
    .toSorted();
}
