import { describe, expect, it, vi } from "vitest";
import { ProblemError } from "../../../shared/problem.ts";
import type { ChecksumCapability } from "../../../server/s3/index.ts";
import { serve } from "../scripted-app.ts";
import { storedObject } from "../scripted-storage.ts";

const MiB = 1024 * 1024;
/** What tells an upload's object from others, where every random number is 0. */
const TAG = { "x-amz-meta-sluice-upload": "00000000000" };

const ONE = [{ name: "a", sizeBytes: 1 }];

function tagsOf(count: number, value = ""): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag ${index}`, value]));
}

const LONG_TAGS = tagsOf(10, "ü".repeat(256));

const CRC64NVME: ChecksumCapability = {
  algorithm: "CRC64NVME",
  when: "unasked",
  verifiedAtCompletion: false,
};

describe("POST /api/uploads", () => {
  it.each([MiB, 16 * MiB - 1])("answers one PUT for %d bytes and creates nothing", async (size) => {
    const { open, calls } = serve();
    const headers = { "content-type": "text/plain", ...TAG, "if-none-match": "*" };
    expect(await open({ name: "a b.txt", sizeBytes: size, contentType: "text/plain" })).toEqual({
      id: expect.any(String),
      key: "a b.txt",
      method: "put",
      url: `a b.txt ${size} ${JSON.stringify(headers)}`,
      headers,
      expiresAt: "2026-11-23T13:00:00.000Z",
    });
    expect(calls).toEqual(["head a b.txt"]);
  });

  it("answers one PUT for a large file where that is wanted, as far as S3 takes it", async () => {
    const { open } = serve();
    const fiveGiB = 5 * 1024 * MiB;
    const methodFor = async (sizeBytes: number | null) =>
      (await open({ name: "a", sizeBytes, inOneRequest: true })).method;
    expect(await methodFor(fiveGiB)).toBe("put");
    expect(await methodFor(fiveGiB + 1)).toBe("multipart");
    expect(await methodFor(null)).toBe("multipart");
  });

  it.each([0, 1, MiB - 1])("answers a form for %d bytes and creates nothing", async (size) => {
    const { open, calls } = serve();
    expect(await open({ name: "a b.txt", sizeBytes: size, contentType: "text/plain" })).toEqual({
      id: expect.any(String),
      key: "a b.txt",
      method: "post",
      url: "/",
      fields: {
        key: "a b.txt",
        "Content-Type": "text/plain",
        ...TAG,
        success_action_status: "204",
        "if-none-match": "*",
        policy: `${size}`,
      },
      headers: {},
      checksumField: "x-amz-checksum-crc64nvme",
      expiresAt: "2026-11-23T13:00:00.000Z",
    });
    expect(calls).toEqual(["head a b.txt"]);
  });

  const ALL = { work: true, keepOptions: true, conditional: true, verifyChecksums: true };
  it.each<[string, object, object, string]>([
    ["work", ALL, {}, "post"],
    ["do not", { ...ALL, work: false }, { ifExists: "replace" }, "put"],
    ["overwrite", { ...ALL, conditional: false }, { ifExists: "rename" }, "put"],
    ["overwrite", { ...ALL, conditional: false }, { ifExists: "fail" }, "put"],
    ["may overwrite", { ...ALL, conditional: false }, { ifExists: "replace" }, "post"],
    ["lose options", { ...ALL, keepOptions: false }, { cacheControl: "no-store" }, "put"],
    ["lose options", { ...ALL, keepOptions: false }, { tags: { a: "b" } }, "put"],
    ["have none to lose", { ...ALL, keepOptions: false }, { metadata: { a: "b" } }, "post"],
    ["would make a variable of $", ALL, { metadata: { a: "$" } }, "put"],
  ])("where forms %s (%j, %j) answers a %s", async (_, formPosts, options, method) => {
    const { open } = serve({ capabilities: { formPosts } });
    expect((await open({ name: "a", sizeBytes: 1 }, options)).method).toBe(method);
  });

  it.each([
    [{ ...ALL, verifyChecksums: false }, CRC64NVME],
    [ALL, null],
  ])("leaves no field for a checksum that nobody would verify", async (formPosts, checksum) => {
    const { open } = serve({ capabilities: { formPosts, checksum } });
    const upload = await open({ name: "a", sizeBytes: 1 });
    expect(upload.method).toBe("post");
    expect(upload).not.toHaveProperty("checksumField");
  });

  it("never lets a form replace ${filename} in a key", async () => {
    const upload = await serve().open({ name: "${filename}.txt", sizeBytes: 1 });
    expect([upload.method, upload.key]).toEqual(["put", "${filename}.txt"]);
  });

  it("sends by PUT what the fields of a form would have no room for", async () => {
    const options = { metadata: { a: '"'.repeat(1900) }, tags: tagsOf(10, "v".repeat(200)) };
    expect((await serve().open({ name: "a", sizeBytes: 1 }, options)).method).toBe("put");
  });

  it.each([
    [16 * MiB, 4],
    [16 * MiB + 1, 4],
    [100 * MiB, 20],
  ])("answers all parts that a file of %d bytes can have", async (sizeBytes, partCount) => {
    const { open, calls } = serve();
    const upload = await open({ name: "a.mp4", sizeBytes, contentType: "video/mp4" });
    expect(upload).toMatchObject({
      method: "multipart",
      partSizes: "free",
      partSizeBytes: 8 * MiB,
      partCount: null,
    });
    expect(upload.parts).toHaveLength(partCount);
    expect(upload.parts[0]).toEqual({ partNumber: 1, url: "a.mp4#1" });
    expect(calls).toEqual([
      "head a.mp4",
      'create a.mp4 {"contentType":"video/mp4","metadata":{"sluice-upload":"00000000000"}}',
    ]);
  });

  it.each([
    [16 * MiB, 2],
    [16 * MiB + 1, 3],
  ])("plans equal parts of %d bytes where the storage needs them", async (sizeBytes, partCount) => {
    const { open } = serve({ capabilities: { equalParts: true } });
    const upload = await open({ name: "a", sizeBytes });
    expect(upload).toMatchObject({ partSizes: "equal", partSizeBytes: 8 * MiB, partCount });
    expect(upload.parts).toHaveLength(partCount);
  });

  it.each<[ChecksumCapability["when"], string, string | undefined]>([
    ["unasked", "", undefined],
    ["asked", " declaring CRC64NVME", "CRC64NVME"],
    ["declared", " declaring CRC64NVME", undefined],
  ])("names the checksum that a storage makes %s", async (when, declaring, announced) => {
    const { open, calls } = serve({ capabilities: { checksum: { ...CRC64NVME, when } } });
    await open({ name: "a", sizeBytes: 20 * MiB });
    expect(calls[1]).toMatch(new RegExp(`^create a .*}${declaring}$`));
    const { headers } = await open({ name: "b", sizeBytes: MiB });
    expect(headers["x-amz-sdk-checksum-algorithm"]).toBe(announced);
  });

  it("signs for the other origins that were asked for, whatever the method", async () => {
    const { ask } = serve();
    const files = [MiB, 1, 16 * MiB].map((sizeBytes, index) => ({ name: `${index}`, sizeBytes }));
    const { body } = await ask("POST", "/api/uploads", { files, origins: ["https://b.example"] });
    const [put, post, multipart] = body.uploads;
    expect(put.alternates).toEqual([`https://b.example${put.url}`]);
    expect(post.alternates).toEqual(["https://b.example/"]);
    expect(multipart.parts[3].alternates).toEqual(["https://b.example2#4"]);
  });

  it("signs a first window of 100 parts of a larger file", async () => {
    const upload = await serve().open({ name: "a", sizeBytes: 8000 * MiB });
    expect(upload.parts.map((part: { partNumber: number }) => part.partNumber)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });

  it("signs one part a file and more, but few in all where many files are opened", async () => {
    const windowOf = async (count: number) => {
      const files = Array.from({ length: count }, (_, index) => {
        return { name: `${index}`, sizeBytes: 8000 * MiB };
      });
      const { body } = await serve().ask("POST", "/api/uploads", { files });
      return body.uploads[count - 1].parts.length;
    };
    expect([await windowOf(10), await windowOf(11), await windowOf(1000)]).toEqual([100, 90, 1]);
  });

  it("compresses its answer where that is understood", async () => {
    const { ask } = serve();
    const packed = await ask("POST", "/api/uploads", { files: ONE }, { "accept-encoding": "gzip" });
    expect(packed.headers.get("content-encoding")).toBe("gzip");
    const plain = await ask("POST", "/api/uploads", { files: ONE });
    expect(plain.headers.get("content-encoding")).toBeNull();
  });

  it("plans parts without a number where the size is not known", async () => {
    const unknown = { method: "multipart", partCount: null, partSizeBytes: 32 * MiB };
    const file = { name: "a", sizeBytes: null };
    const free = await serve().open(file);
    expect(free).toMatchObject({ ...unknown, partSizes: "free" });
    expect(free.parts).toHaveLength(100);
    const equal = await serve({ capabilities: { equalParts: true } }).open(file);
    expect(equal).toMatchObject({ ...unknown, partSizes: "equal" });
  });

  it("never lets one bad file fail the others", async () => {
    const { ask } = serve();
    const { status, body } = await ask("POST", "/api/uploads", {
      files: [
        { name: "..", sizeBytes: 1 },
        { name: "", sizeBytes: 1 },
        { name: "huge", sizeBytes: Number.MAX_SAFE_INTEGER },
        { name: "type", sizeBytes: 1, contentType: "text/plain\r\nx: y" },
        { name: "good", sizeBytes: 1 },
      ],
    });
    expect(status).toBe(201);
    expect(
      body.uploads.map((upload: Record<string, { code: string }>) => {
        return upload["problem"]?.code ?? upload["key"];
      }),
    ).toEqual(["invalid-name", "invalid-name", "file-too-large", "bad-request", "good"]);
    expect(body.uploads[0].problem).toMatchObject({ status: 400, requestId: expect.any(String) });
  });

  it("answers the storage's fault for the file that it concerns", async () => {
    const { open, overrule } = serve();
    overrule({
      createUpload: () =>
        Promise.reject(new ProblemError("storage-busy", "Slow down.", { s3Code: "SlowDown" })),
    });
    expect(await open({ name: "a", sizeBytes: 20 * MiB })).toMatchObject({
      problem: { code: "storage-busy", s3Code: "SlowDown" },
    });
  });

  it("keeps folders, and prefers the folder path to the name", async () => {
    const upload = await serve().open({
      name: "c.txt",
      relativePath: "a/b/c.txt",
      sizeBytes: 1,
    });
    expect(upload.key).toBe("a/b/c.txt");
  });

  it("puts in front what the strategy asks for", async () => {
    const file = { name: "file.log", sizeBytes: 1 };
    const { open } = serve();
    expect((await open(file, { keyStrategy: "reversed-date" })).key).toBe("23/11/6202/file.log");
    expect((await open(file, { keyStrategy: "random" })).key).toBe("0000/file.log");
    expect((await open(file, { keyStrategy: "hash" })).key).toMatch(/^[0-9a-f]{4}\/file\.log$/);
  });

  it.each([
    ["rename", { key: "a (2).txt" }],
    ["replace", { key: "a.txt" }],
    ["fail", { problem: expect.objectContaining({ code: "key-exists", status: 409 }) }],
  ])("meets a taken key with %s", async (ifExists, expected) => {
    const { open, objects } = serve();
    objects.set("a.txt", storedObject({}));
    expect(await open({ name: "a.txt", sizeBytes: 1 }, { ifExists })).toMatchObject(expected);
  });

  it("makes the PUT conditional only where something is to be kept and the storage can", async () => {
    const file = { name: "a", sizeBytes: MiB };
    const untyped = { "content-type": "application/octet-stream", ...TAG };
    expect((await serve().open(file, { ifExists: "replace" })).headers).toEqual(untyped);
    const unable = serve({ capabilities: { conditionalWrites: false } });
    expect((await unable.open(file)).headers).toEqual(untyped);
  });

  it("asks by PUT for the condition where it is not known what the storage can", async () => {
    const { open, storage } = serve();
    vi.spyOn(storage, "capabilities").mockRejectedValue(new ProblemError("storage-busy", "Wait."));
    const upload = await open({ name: "a", sizeBytes: 1 });
    expect([upload.method, upload.headers["if-none-match"]]).toEqual(["put", "*"]);
    expect(await open({ name: "b", sizeBytes: 20 * MiB })).toMatchObject({ partSizes: "equal" });
  });

  const options = {
    metadata: { Origin: "camera 1" },
    storageClass: "STANDARD_IA",
    tags: { "a b": "1+1=2", ü: "" },
    cacheControl: "no-cache, max-age=0",
    contentEncoding: "gzip",
  };

  it("sends all options as headers of a PUT", async () => {
    const { open } = serve();
    expect((await open({ name: "a", sizeBytes: MiB }, options)).headers).toEqual({
      "content-type": "application/octet-stream",
      "cache-control": "no-cache, max-age=0",
      "content-encoding": "gzip",
      "if-none-match": "*",
      "x-amz-storage-class": "STANDARD_IA",
      "x-amz-tagging": "a%20b=1%2B1%3D2&%C3%BC=",
      "x-amz-meta-origin": "camera 1",
      ...TAG,
    });
  });

  it("sends all options as fields of a form", async () => {
    const { open } = serve();
    const tag = (key: string, value: string) =>
      `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`;
    expect((await open({ name: "a", sizeBytes: 1 }, options)).fields).toMatchObject({
      "Content-Type": "application/octet-stream",
      "Cache-Control": "no-cache, max-age=0",
      "Content-Encoding": "gzip",
      "x-amz-storage-class": "STANDARD_IA",
      tagging: `<Tagging><TagSet>${tag("a b", "1+1=2")}${tag("ü", "")}</TagSet></Tagging>`,
      "x-amz-meta-origin": "camera 1",
      ...TAG,
    });
  });

  it("opens an upload in parts with all options", async () => {
    const { open, calls } = serve();
    await open({ name: "a", sizeBytes: 20 * MiB }, options);
    const [, created = ""] = calls;
    expect(JSON.parse(created.slice("create a ".length))).toEqual({
      ...options,
      contentType: "application/octet-stream",
      metadata: { ...options.metadata, "sluice-upload": "00000000000" },
    });
  });

  it.each([
    ["no files", { files: [] }, "files"],
    ["no size", { files: [{ name: "a" }] }, "files.0.sizeBytes"],
    ["a negative size", { files: [{ name: "a", sizeBytes: -1 }] }, "files.0.sizeBytes"],
    ["half a byte", { files: [{ name: "a", sizeBytes: 0.5 }] }, "files.0.sizeBytes"],
    ["1,001 files", { files: Array(1001).fill({ name: "a", sizeBytes: 1 }) }, "files"],
    ["an unknown strategy", { files: [{ name: "a", sizeBytes: 1 }], keyStrategy: "x" }, "keyStr"],
    [
      "metadata that is no header",
      { files: [{ name: "a", sizeBytes: 1 }], metadata: { a: "é" } },
      "metadata.a",
    ],
    [
      "metadata of our own",
      { files: [{ name: "a", sizeBytes: 1 }], metadata: { "Sluice-Upload": "x" } },
      "metadata.Sluice-Upload",
    ],
    [
      "too much metadata",
      { files: [{ name: "a", sizeBytes: 1 }], metadata: { a: "x".repeat(2048) } },
      "metadata",
    ],
    ["eleven tags", { files: ONE, tags: tagsOf(11) }, "tags: 11, not 10"],
    ["a tag without a key", { files: ONE, tags: { "": "x" } }, 'tags: the key ""'],
    [
      "a tag's key that is too long",
      { files: ONE, tags: { ["k".repeat(129)]: "" } },
      "tags: the key",
    ],
    ["a tag's key of AWS's own", { files: ONE, tags: { "aws:x": "" } }, 'tags: the key "aws:x"'],
    ["a tag's value that is too long", { files: ONE, tags: { a: "v".repeat(257) } }, "tags.a"],
    ["a tag's value of other characters", { files: ONE, tags: { a: "1;2" } }, "tags.a"],
    ["a cache-control that is no header", { files: ONE, cacheControl: "a\r\nb" }, "cacheControl"],
    [
      "more of all options than an upload ID has room for",
      {
        files: ONE,
        cacheControl: "c".repeat(1024),
        metadata: { a: "x".repeat(2000) },
        tags: LONG_TAGS,
      },
      "metadata, tags and cacheControl",
    ],
    ["an unknown encoding", { files: ONE, contentEncoding: "br" }, "contentEncoding"],
    [
      "a storage class that is none",
      { files: [{ name: "a", sizeBytes: 1 }], storageClass: "a b" },
      "storageClass",
    ],
    ["a list", [], "expected object"],
  ])("refuses %s and names it", async (_, body, named) => {
    const answer = await serve().ask("POST", "/api/uploads", body);
    expect([answer.status, answer.body.code]).toEqual([400, "bad-request"]);
    expect(answer.body.detail).toContain(named);
  });

  it.each([
    ["half a body", '{"files":', { "content-type": "application/json" }],
    ["nothing", "", { "content-type": "application/json" }],
    ["a form", "files=1", { "content-type": "application/x-www-form-urlencoded" }],
    ["text, which needs no preflight", '{"files":[]}', { "content-type": "text/plain" }],
  ])("refuses %s as no JSON", async (_, body, headers) => {
    const answer = await serve().ask("POST", "/api/uploads", body, headers);
    expect([answer.status, answer.body.code]).toEqual([400, "body-not-json"]);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  });

  it("refuses a body above 8 MiB", async () => {
    const answer = await serve().ask("POST", "/api/uploads", `"${"x".repeat(8 * MiB)}"`);
    expect([answer.status, answer.body.code]).toEqual([413, "body-too-large"]);
  });
});
