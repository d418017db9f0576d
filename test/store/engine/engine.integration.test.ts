import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openEngine } from "../../../server/store/engine/open-engine.ts";
import { bodyOf } from "./body-of.ts";
import {
  contentFiles,
  readObject,
  temporaryDirectory,
  temporaryEngine,
  until,
} from "./temporary-engine.ts";

const md5 = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");
const code = (name: string): unknown => expect.objectContaining({ code: name });

describe("objects", () => {
  test("of every size come back whole, with the MD5 as ETag", async () => {
    const { engine } = await temporaryEngine();
    for (const sizeBytes of [0, 1, 65_536, 262_143, 262_144, 262_145, 3_000_001]) {
      const bytes = randomBytes(sizeBytes);
      const cuts = [0, 1, 100_000, 262_144, 999_999, sizeBytes].filter((cut) => cut <= sizeBytes);
      const pieces = cuts.map((cut, index) => bytes.subarray(cuts[index - 1] ?? 0, cut));
      const { etag } = await engine.objects.put("bucket", "key", bodyOf(...pieces), { sizeBytes });
      expect(etag).toBe(md5(bytes));
      expect(md5(await readObject(engine, "key"))).toBe(etag);
    }
  });

  test("under awkward keys never become paths", async () => {
    const { engine, directory } = await temporaryEngine();
    const keys = ["..", "../../up", "/lead", "a//b", "a%2Fb", "a/b", "\0\u0001", "😀".repeat(256)];
    for (const key of keys) await engine.objects.put("bucket", key, bodyOf(key), {});
    for (const key of keys) expect((await readObject(engine, key)).toString()).toBe(key);
    expect(contentFiles(directory).every((name) => /^[0-9a-f]{32}$/.test(name))).toBe(true);
    const { objects } = await engine.objects.list("bucket", { maxKeys: 1000 });
    expect(objects.map(({ key }) => key)).toEqual(
      keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    );
  });

  test("that fail their digest leave neither object nor file", async () => {
    const { engine, directory } = await temporaryEngine();
    const put = engine.objects.put("bucket", "key", bodyOf("right"), {
      contentMd5: createHash("md5").update("wrong").digest("base64"),
    });
    await expect(put).rejects.toEqual(code("BadDigest"));
    await expect(engine.objects.head("bucket", "key")).rejects.toEqual(code("NoSuchKey"));
    await until(() => contentFiles(directory).length === 0);
  });

  test("whose body breaks off leave neither object nor file", async () => {
    const { engine, directory } = await temporaryEngine();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield randomBytes(1_000_000);
      throw new Error("cut");
    }
    await expect(engine.objects.put("bucket", "key", broken(), {})).rejects.toThrow("cut");
    await until(() => contentFiles(directory).length === 0);
    await expect(engine.objects.head("bucket", "key")).rejects.toEqual(code("NoSuchKey"));
  });

  test("can be read to their end while they are replaced and deleted", async () => {
    const { engine, directory } = await temporaryEngine();
    const bytes = randomBytes(2_000_000);
    await engine.objects.put("bucket", "key", bodyOf(bytes), {});
    const opened = await engine.objects.open("bucket", "key");
    await engine.objects.put("bucket", "key", bodyOf("new"), {});
    await engine.objects.delete("bucket", "key");
    const pieces: Uint8Array[] = [];
    for await (const piece of opened.read()) pieces.push(piece);
    expect(md5(Buffer.concat(pieces))).toBe(md5(bytes));
    await until(() => contentFiles(directory).length === 0);
  });

  test("written at once under one key with If-None-Match: exactly one wins", async () => {
    const { engine } = await temporaryEngine();
    const conditions = { ifNoneMatch: "*" } as const;
    const writes = Array.from({ length: 8 }, (_, index) =>
      engine.objects.put("bucket", "key", bodyOf(String(index)), { conditions }),
    );
    const settled = await Promise.allSettled(writes);
    const lost = settled.filter((outcome) => outcome.status === "rejected");
    expect(lost).toHaveLength(7);
    for (const { reason } of lost) expect(reason).toEqual(code("PreconditionFailed"));
  });

  test("that vanish under an If-Match write are a conflict", async () => {
    const { engine } = await temporaryEngine();
    const { etag } = await engine.objects.put("bucket", "key", bodyOf("old"), {});
    async function* deleting(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("new");
      await engine.objects.delete("bucket", "key");
    }
    const put = engine.objects.put("bucket", "key", deleting(), { conditions: { ifMatch: etag } });
    await expect(put).rejects.toEqual(code("ConditionalRequestConflict"));
  });
});

describe("multipart uploads", () => {
  test("become one object by reference: no content file is added, moved or rewritten", async () => {
    const { engine, directory } = await temporaryEngine({ minPartSizeBytes: 3 });
    const { uploadId } = await engine.uploads.create("bucket", "key", {});
    const parts = [];
    for (const [index, text] of ["abc", "unused", "def", "g"].entries()) {
      parts.push(
        await engine.uploads.putPart("bucket", "key", uploadId, index + 1, bodyOf(text), {}),
      );
    }
    const before = contentFiles(directory);
    const named = parts.filter(({ partNumber }) => partNumber !== 2);
    const done = await engine.uploads.complete("bucket", "key", uploadId, { parts: named });
    await until(() => contentFiles(directory).length === 3);
    expect(before).toEqual(expect.arrayContaining(contentFiles(directory)));
    expect(done.etag).toMatch(/^[0-9a-f]{32}-3$/);
    expect((await readObject(engine, "key")).toString()).toBe("abcdefg");
    expect((await readObject(engine, "key", { start: 2, end: 5 })).toString()).toBe("cde");
  });

  test("of many parts complete in one transaction, and answer the same again", async () => {
    const { engine } = await temporaryEngine({ minPartSizeBytes: 1 });
    const { uploadId } = await engine.uploads.create("bucket", "key", {});
    const parts = await Promise.all(
      Array.from({ length: 1000 }, (_, index) =>
        engine.uploads.putPart("bucket", "key", uploadId, index + 1, bodyOf(`${index},`), {}),
      ),
    );
    const done = await engine.uploads.complete("bucket", "key", uploadId, { parts });
    expect(done.partCount).toBe(1000);
    const text = Array.from({ length: 1000 }, (_, index) => `${index},`).join("");
    expect((await readObject(engine, "key")).toString()).toBe(text);
    expect(await engine.uploads.complete("bucket", "key", uploadId, { parts })).toEqual(done);
    const fewer = engine.uploads.complete("bucket", "key", uploadId, { parts: parts.slice(1) });
    await expect(fewer).rejects.toEqual(code("NoSuchUpload"));
  });

  test("that fail to complete change nothing", async () => {
    const { engine } = await temporaryEngine({ minPartSizeBytes: 5 });
    const { uploadId } = await engine.uploads.create("bucket", "key", {});
    const put = (partNumber: number, text: string) =>
      engine.uploads.putPart("bucket", "key", uploadId, partNumber, bodyOf(text), {});
    const parts = [await put(1, "tiny"), await put(2, "large enough")];
    const [first, second] = parts;
    const complete = (chosen: typeof parts) =>
      engine.uploads.complete("bucket", "key", uploadId, { parts: chosen });
    await expect(complete(parts)).rejects.toEqual(code("EntityTooSmall"));
    await expect(complete(parts.toReversed())).rejects.toEqual(code("InvalidPartOrder"));
    await expect(complete([])).rejects.toEqual(code("MalformedXML"));
    if (!first || !second) throw new Error("unreachable");
    await expect(complete([{ ...second, etag: first.etag }])).rejects.toEqual(code("InvalidPart"));
    const page = await engine.uploads.listParts("bucket", "key", uploadId, { maxParts: 1000 });
    expect(page.parts).toEqual(parts);
    await expect(engine.objects.head("bucket", "key")).rejects.toEqual(code("NoSuchKey"));
  });

  test("aborted while a part comes in keep nothing of it", async () => {
    const { engine, directory } = await temporaryEngine();
    const { uploadId } = await engine.uploads.create("bucket", "key", {});
    async function* aborting(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("half");
      await engine.uploads.abort("bucket", "key", uploadId);
    }
    const put = engine.uploads.putPart("bucket", "key", uploadId, 1, aborting(), {});
    await expect(put).rejects.toEqual(code("NoSuchUpload"));
    await until(() => contentFiles(directory).length === 0);
  });

  test("are listed page by page by key, then by initiation", async () => {
    let now = 1000;
    const { engine } = await temporaryEngine({ now: () => now++ });
    const keys = ["b", "a\0", "a", "a", "c/d", "c/e"];
    for (const key of keys) await engine.uploads.create("bucket", key, {});
    const seen: string[] = [];
    let marker: { keyMarker?: string; uploadIdMarker?: string } = {};
    for (;;) {
      const options = { ...marker, delimiter: "/", maxUploads: 2 };
      const page = await engine.uploads.list("bucket", options);
      seen.push(...page.uploads.map(({ key, initiatedAt }) => `${key} ${initiatedAt - 1000}`));
      seen.push(...page.prefixes);
      if (!page.isTruncated) break;
      marker = {
        ...(page.nextKeyMarker !== undefined && { keyMarker: page.nextKeyMarker }),
        ...(page.nextUploadIdMarker !== undefined && { uploadIdMarker: page.nextUploadIdMarker }),
      };
    }
    const times = seen.filter((entry) => entry.startsWith("a ")).map((entry) => entry.slice(2));
    expect(seen.map((entry) => entry.split(" ")[0])).toEqual(["a", "a", "a\0", "b", "c/"]);
    expect(Number(times[0])).toBeLessThan(Number(times[1]));
  });
});

describe("lifecycle", () => {
  const DAY_MS = 24 * 60 * 60 * 1000;

  test("a sweep expires and aborts what is due, and nothing else", async () => {
    const start = Date.parse("2026-01-01T12:00:00Z");
    const { engine, directory } = await temporaryEngine({ now: () => start });
    const filter = { prefix: "old/" };
    await engine.buckets.putDocument("bucket", "lifecycle", [
      { id: "both", isEnabled: true, filter, expireAfterDays: 2, abortIncompleteAfterDays: 1 },
    ]);
    for (const key of ["old/1", "old/2", "new"]) {
      await engine.objects.put("bucket", key, bodyOf(key), {});
    }
    const { uploadId } = await engine.uploads.create("bucket", "old/3", {});
    await engine.uploads.putPart("bucket", "old/3", uploadId, 1, bodyOf("part"), {});
    const info = await engine.uploads.info("bucket", "old/3", uploadId);
    expect(info.abort).toEqual({ at: Date.parse("2026-01-03T00:00:00Z"), ruleId: "both" });

    const early = await engine.sweep(start + DAY_MS);
    expect(early).toEqual({ abortedUploads: [], expiredObjects: [] });
    const late = await engine.sweep(start + 3 * DAY_MS);
    expect(late.abortedUploads).toEqual([{ bucket: "bucket", key: "old/3", uploadId }]);
    expect(late.expiredObjects.map(({ key }) => key)).toEqual(["old/1", "old/2"]);
    await until(() => contentFiles(directory).length === 1);
    expect((await readObject(engine, "new")).toString()).toBe("new");
  });
});

describe("a store directory", () => {
  test("is open once at a time, and free again after closing", async () => {
    const { engine, directory } = await temporaryEngine();
    await expect(openEngine({ directory })).rejects.toThrow(/in use by process/);
    await engine.close();
    await (await openEngine({ directory })).close();
  });

  test("whose holder's number went to another process is free", async () => {
    const directory = temporaryDirectory();
    const lock = JSON.stringify({ pid: process.pid, startedAt: "some other time" });
    writeFileSync(join(directory, "lock"), lock);
    await temporaryEngine({ directory });
  });

  test("is rid of files that nothing names, soon after the start, and of no others", async () => {
    const directory = temporaryDirectory();
    const { engine } = await temporaryEngine({ directory });
    await engine.objects.put("bucket", "key", bodyOf("kept"), {});
    await engine.close();
    const [kept] = contentFiles(directory);
    writeFileSync(join(directory, "content", "00", `00${"0".repeat(30)}`), "left over");
    const again = await temporaryEngine({ directory });
    await until(() => contentFiles(directory).length === 1);
    expect(contentFiles(directory)).toEqual([kept]);
    expect((await readObject(again.engine, "key")).toString()).toBe("kept");
  });
});
