import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IncompleteUpload, ListUploadsResponse } from "../../shared/admin-api.ts";
import { dueAfterDays } from "../../shared/lifecycle.ts";
import { registerName, registerPath } from "../../server/s3/register-name.ts";
import { decodeListedKey } from "../conformance/target.ts";
import { aged, byExactKey, startAlteringProxy, type Alteration } from "./altering-proxy.ts";
import {
  openUploadRig,
  problemOf,
  sendParts,
  type Multipart,
  type UploadRig,
} from "./upload-rig.ts";

const MiB = 1024 * 1024;
const HOUR_MS = 3_600_000;
const FOREIGN = ["a", "a.b", "a/b", "a!", "ä & <b>", "films/ü \u0001", `long/${"k".repeat(900)}`];

let rig: UploadRig;
beforeAll(async () => {
  rig = await openUploadRig();
  await rig.target.client.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: rig.bucket.bucket,
      LifecycleConfiguration: {
        Rules: [
          {
            ID: "films",
            Status: "Enabled",
            Filter: { Prefix: "films/" },
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
          },
        ],
      },
    }),
  );
});
afterAll(() => rig?.close());

async function openForeign(Key: string, at: UploadRig = rig): Promise<string> {
  const command = new CreateMultipartUploadCommand({ Bucket: at.bucket.bucket, Key });
  return (await at.target.client.send(command)).UploadId ?? "";
}

async function listPage(query: Record<string, string> = {}, at: UploadRig = rig) {
  const response = await at.api.admin.uploads.$get({ query });
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) satisfies ListUploadsResponse;
}

/** All pages, and how many there were. */
async function listAll(query: Record<string, string> = {}, at: UploadRig = rig) {
  const uploads: IncompleteUpload[] = [];
  let cursor: string | null = "";
  let pages = 0;
  while (cursor !== null) {
    const page = await listPage(cursor === "" ? query : { ...query, cursor }, at);
    uploads.push(...page.uploads);
    cursor = page.nextCursor;
    pages += 1;
  }
  return { uploads, pages };
}

async function find(key: string, at: UploadRig = rig): Promise<IncompleteUpload | undefined> {
  return (await listAll({ prefix: key }, at)).uploads.find((upload) => upload.key === key);
}

const addressOf = async (upload: Multipart, at: UploadRig = rig) => {
  const { key, uploadId, initiatedAt } = (await find(upload.key, at)) ?? {};
  return { key: key ?? "", uploadId: uploadId ?? "", initiatedAt: initiatedAt ?? "" };
};

async function abort(uploads: { key: string; uploadId: string }[], evenLive?: boolean) {
  const response = await rig.api.admin.uploads.abort.$post({
    json: { uploads, ...(evenLive === undefined ? {} : { evenLive }) },
  });
  expect(response.status).toBe(200);
  return (await response.json()).results;
}

async function registered(at: UploadRig = rig): Promise<(string | undefined)[]> {
  const command = new ListObjectsV2Command({ Bucket: at.bucket.bucket, Prefix: ".sluice/" });
  const { Contents = [] } = await at.target.client.send(command);
  return Contents.map(({ Key }) => Key);
}

describe("the list of incomplete uploads", () => {
  it("has all of them, however small its pages: ours with what is known of them", async () => {
    const ids = await Promise.all(FOREIGN.map((key) => openForeign(key)));
    const ours = await Promise.all(
      ["a b/film.mp4", "films/ours.mp4", "z".repeat(1000)].map((name) =>
        rig.openMultipart(name, 20 * MiB),
      ),
    );
    const { uploads, pages } = await listAll({ limit: "3" });
    expect(pages).toBeGreaterThanOrEqual(4);
    expect(uploads.map(({ key }) => key).toSorted()).toEqual(
      [...FOREIGN, ...ours.map(({ key }) => key)].toSorted(),
    );
    for (const [index, key] of FOREIGN.entries()) {
      const upload = uploads.find((one) => one.key === key);
      expect(upload).toMatchObject({ uploadId: ids[index], live: false, liveness: "unknown" });
      expect(upload).not.toHaveProperty("heardAt");
    }
    for (const { key } of ours) {
      const upload = uploads.find((one) => one.key === key);
      expect(upload).toMatchObject({ live: true, liveness: "uploading", fileSizeBytes: 20 * MiB });
      expect(Math.abs(Date.parse(upload?.heardAt ?? "") - Date.now())).toBeLessThan(60_000);
    }
  });

  it("says when a rule of the bucket will end an upload", async () => {
    const upload = await find("films/ours.mp4");
    const due = dueAfterDays(Date.parse(upload?.initiatedAt ?? ""), 3);
    expect(upload?.abortsAt).toBe(new Date(due).toISOString());
    expect(await find("a b/film.mp4")).not.toHaveProperty("abortsAt");
  });

  it("follows heartbeats", async () => {
    const upload = await rig.openMultipart("beating.mp4", 20 * MiB);
    const beat = (state: "uploading" | "paused") =>
      rig.api.uploads.heartbeat.$post({ json: { uploads: [{ id: upload.id, state }] } });
    expect((await beat("paused")).status).toBe(204);
    expect(await find(upload.key)).toMatchObject({ live: false, liveness: "paused" });
    await beat("uploading");
    expect(await find(upload.key)).toMatchObject({ live: true, liveness: "uploading" });
    expect(await abort([await addressOf(upload)], true)).toMatchObject([{ aborted: true }]);
    expect((await registered()).filter((name) => name?.includes("/-"))).toHaveLength(3);
  });

  it.each(["x", "bnVsbA", Buffer.from('{"source":"other"}').toString("base64url")])(
    "takes no cursor of somebody else's making: %s",
    async (cursor) => {
      const refused = await rig.api.admin.uploads.$get({ query: { cursor } });
      expect(await problemOf(refused)).toMatchObject({ status: 400, code: "bad-request" });
    },
  );
});

describe("what is held of an upload", () => {
  it("is added up, with who it belongs to where it is ours", async () => {
    const upload = await rig.openMultipart("held.mp4", 20 * MiB);
    await sendParts(upload, new Uint8Array(20 * MiB), [1]);
    const { key, uploadId } = await addressOf(upload);
    const expected = {
      partCount: 1,
      sizeBytes: upload.partSizeBytes,
      owner: "local",
      fileName: "held.mp4",
      fileSizeBytes: 20 * MiB,
    };
    const one = await rig.api.admin.uploads.parts.$get({ query: { key, uploadId } });
    expect(await one.json()).toMatchObject(expected);
    const foreign = await openForeign("films/foreign.mp4");
    const many = await rig.api.admin.uploads.parts.$post({
      json: {
        uploads: [
          { key: "films/foreign.mp4", uploadId: foreign },
          { key, uploadId },
          { key: "held.mp4", uploadId: foreign },
        ],
      },
    });
    const { results } = await many.json();
    expect(results).toMatchObject([
      { state: "open", partCount: 0, sizeBytes: 0, lastPartAt: null },
      { state: "open", ...expected },
      { state: "gone" },
    ]);
    expect(results[0]).not.toHaveProperty("owner");
    await abort([{ key, uploadId }], true);
    const gone = await rig.api.admin.uploads.parts.$get({ query: { key, uploadId } });
    expect(await problemOf(gone)).toMatchObject({ code: "upload-gone" });
  });
});

describe("aborting", () => {
  it("leaves what is being sent, unless it is meant", async () => {
    const upload = await rig.openMultipart("live.mp4", 20 * MiB);
    const foreign = { key: "dead", uploadId: await openForeign("dead") };
    const live = await addressOf(upload);
    expect(await abort([live, foreign])).toMatchObject([
      { key: "live.mp4", aborted: false, problem: { code: "upload-live" } },
      { key: "dead", aborted: true },
    ]);
    expect(await find("live.mp4")).toMatchObject({ live: true });
    expect(await abort([live], true)).toEqual([
      { key: "live.mp4", uploadId: live.uploadId, aborted: true },
    ]);
    expect(await find("live.mp4")).toBeUndefined();
    expect((await registered()).filter((name) => name?.startsWith(registerPath(live)))).toEqual([]);
  });

  it("is done for both of two admins who do it at once", async () => {
    const uploads = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const key = `twice/${index}`;
        return { key, uploadId: await openForeign(key) };
      }),
    );
    const both = await Promise.all([abort(uploads), abort(uploads)]);
    for (const results of both)
      expect(results).toEqual(uploads.map((u) => ({ ...u, aborted: true })));
    expect((await listAll({ prefix: "twice/" })).uploads).toEqual([]);
  });

  it("keeps the object of an upload that was completed meanwhile, and says so", async () => {
    const bytes = new Uint8Array(17 * MiB);
    const upload = await rig.openMultipart("done.mp4", bytes.length);
    const listed = await addressOf(upload);
    const before = { key: "done.mp4", uploadId: await openForeign("done.mp4") };
    await sendParts(upload, bytes, [1, 2, 3]);
    expect((await rig.complete(upload.id)).status).toBe(200);
    expect(await abort([listed])).toMatchObject([{ aborted: false, completed: true }]);
    const Bucket = rig.bucket.bucket;
    const kept = await rig.target.client.send(new HeadObjectCommand({ Bucket, Key: "done.mp4" }));
    expect(kept.ContentLength).toBe(bytes.length);
    // An upload of the same key that began later never became this object.
    expect(await abort([before])).toMatchObject([{ aborted: true }]);
    const later = { ...before, initiatedAt: new Date(Date.now() + HOUR_MS).toISOString() };
    expect(await abort([later])).toEqual([
      { key: "done.mp4", uploadId: before.uploadId, aborted: true },
    ]);
  });
});

describe("a link to go on with an upload", () => {
  const linkFor = (json: { key: string; uploadId: string }) =>
    rig.api.admin.uploads["resume-link"].$post({ json });

  it("holds an ID with which its owner goes on", async () => {
    const upload = await rig.openMultipart("linked.mp4", 20 * MiB);
    await sendParts(upload, new Uint8Array(20 * MiB), [1]);
    const { path, owner, expiresAt } = await (await linkFor(await addressOf(upload))).json();
    expect(owner).toBe("local");
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now() + 6 * 24 * HOUR_MS);
    const id = new URL(path, rig.url).searchParams.get("resume") ?? "";
    const listed = await rig.api.uploads[":id"].parts.$get({ param: { id } });
    expect(await listed.json()).toMatchObject({ state: "open", parts: [{ partNumber: 1 }] });
  });

  it("is not made for an upload of others, nor for one that is gone", async () => {
    const foreign = { key: "theirs", uploadId: await openForeign("theirs") };
    expect(await problemOf(await linkFor(foreign))).toMatchObject({ code: "not-found" });
    const upload = await rig.openMultipart("gone.mp4", 20 * MiB);
    const { key, uploadId } = await addressOf(upload);
    await rig.target.client.send(
      new AbortMultipartUploadCommand({ Bucket: rig.bucket.bucket, Key: key, UploadId: uploadId }),
    );
    expect(await problemOf(await linkFor({ key, uploadId }))).toMatchObject({ code: "not-found" });
  });

  it("is not made of what somebody put into the bucket about another upload", async () => {
    const upload = await rig.openMultipart("mine.mp4", 20 * MiB);
    const { key, uploadId } = await addressOf(upload);
    const Bucket = rig.bucket.bucket;
    const Key = registerName({ key, uploadId }, 20 * MiB, "open");
    const kept = await rig.target.client.send(new GetObjectCommand({ Bucket, Key }));
    const note = JSON.parse((await kept.Body?.transformToString()) ?? "");
    for (const Body of [
      JSON.stringify({ ...note, statement: { ...note.statement, key: "theirs" } }),
      JSON.stringify({ ...note, statement: { ...note.statement, bucket: "other" } }),
      JSON.stringify({ ...note, statement: null }),
      "no JSON",
      "",
      " ".repeat(70_000),
    ]) {
      await rig.target.client.send(new PutObjectCommand({ Bucket, Key, Body }));
      const refused = await linkFor({ key, uploadId });
      expect(await problemOf(refused)).toMatchObject({ code: "not-found" });
    }
  });
});

describe("in front of a storage whose listings say something else", () => {
  let alteration: Alteration = (_query, xml) => xml;
  let altered: UploadRig;
  let closeProxy = async () => undefined as void;
  beforeAll(async () => {
    altered = await openUploadRig(async (endpoint) => {
      const proxy = await startAlteringProxy(endpoint, () => alteration);
      closeProxy = () => proxy.close();
      return proxy.endpoint;
    });
  });
  afterAll(async () => {
    await altered?.close();
    await closeProxy();
  });

  it("uploads being sent, put aside and abandoned are told apart by their age", async () => {
    const upload = await altered.openMultipart("ages.mp4", 20 * MiB);
    const livenessAt = async (ageMs: number) => {
      alteration = aged(/^\.sluice\//, ageMs);
      return (await find(upload.key, altered))?.liveness;
    };
    expect(await livenessAt(0)).toBe("uploading");
    expect(await livenessAt(2 * 60_000)).toBe("uploading");
    expect(await livenessAt(4 * 60_000)).toBe("paused");
    expect(await livenessAt(25 * HOUR_MS)).toBe("abandoned");
  });

  it("entries whose uploads are gone are removed after an hour, and no others", async () => {
    const client = altered.target.client;
    const Bucket = altered.bucket.bucket;
    const [old, fresh, alive] = await Promise.all(
      ["old.mp4", "fresh.mp4", "old-alive.mp4"].map((name) =>
        altered.openMultipart(name, 20 * MiB),
      ),
    );
    if (!old || !fresh || !alive) throw new Error("not opened");
    alteration = (_query, xml) => xml;
    for (const upload of [old, fresh]) {
      const { key: Key, uploadId: UploadId } = await addressOf(upload, altered);
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    }
    const before = await registered(altered);
    const hex = (text: string) => Buffer.from(text).toString("hex");
    alteration = aged(new RegExp(`^\\.sluice/uploads/${hex("old")}`), 2 * HOUR_MS);
    await listAll({}, altered);
    const stays = before.filter((name) => !name?.includes(`/${hex("old.mp4")}/`));
    expect(stays).toHaveLength(before.length - 1);
    await expect.poll(() => registered(altered), { timeout: 10_000 }).toEqual(stays);
  });

  it("by exact key alone, ours are found by the register", async () => {
    alteration = byExactKey;
    const exact = await openUploadRig(async (endpoint) => {
      const proxy = await startAlteringProxy(endpoint, () => byExactKey);
      return proxy.endpoint;
    });
    const names = ["a", "a/b", "b c", "ü", "k".repeat(500), `${"k".repeat(500)}l`];
    const opened = await Promise.all(names.map((name) => exact.openMultipart(name, 20 * MiB)));
    const twin = (
      await exact.openAll([{ name: "a", sizeBytes: 20 * MiB }], { ifExists: "replace" })
    )[0];
    await openForeign("theirs", exact);
    const [first] = opened;
    const id = first?.id ?? "";
    await exact.api.uploads.heartbeat.$post({ json: { uploads: [{ id, state: "paused" }] } });
    const { uploads, pages } = await listAll({ limit: "2" }, exact);
    expect(pages).toBe(4);
    expect(uploads.map(({ key }) => key).toSorted()).toEqual(["a", ...names].toSorted());
    expect(new Set(uploads.map(({ uploadId }) => uploadId)).size).toBe(7);
    expect((await listPage({}, exact)).source).toBe("register");
    expect(twin).toHaveProperty("id");
    const ofA = uploads.filter(({ key }) => key === "a").map(({ liveness }) => liveness);
    expect(ofA.toSorted()).toEqual(["paused", "uploading"]);
    const { uploads: under } = await listAll({ prefix: "a" }, exact);
    expect(under.map(({ key }) => key).toSorted()).toEqual(["a", "a", "a/b"]);
    // Gone behind our back: the storage no longer lists it.
    const { key: Key = "", uploadId: UploadId } = uploads.find(({ key }) => key === "ü") ?? {};
    const gone = new AbortMultipartUploadCommand({ Bucket: exact.bucket.bucket, Key, UploadId });
    await exact.target.client.send(gone);
    expect(await find("ü", exact)).toBeUndefined();
    await exact.close();
  });

  it("a key is what was opened, whatever characters it has", () => {
    expect(decodeListedKey("a%20b+c")).toBe("a b c");
  });
});

describe("a foreign upload with parts", () => {
  it("goes with all of them", async () => {
    const Bucket = rig.bucket.bucket;
    const upload = { key: "parts", uploadId: await openForeign("parts") };
    for (const PartNumber of [1, 2, 3]) {
      const part = { Bucket, Key: upload.key, UploadId: upload.uploadId, PartNumber, Body: "x" };
      await rig.target.client.send(new UploadPartCommand(part));
    }
    const look = () => rig.api.admin.uploads.parts.$get({ query: upload });
    expect(await (await look()).json()).toMatchObject({ partCount: 3, sizeBytes: 3 });
    expect(await abort([upload])).toEqual([{ ...upload, aborted: true }]);
    expect(await problemOf(await look())).toMatchObject({ code: "upload-gone" });
  });
});
