import { pino } from "pino";
import { SignJWT } from "jose";
import { describe, expect, it, vi } from "vitest";
import { createApp } from "../../server/app.ts";
import { createGrantVerifier } from "../../server/auth/index.ts";
import { createUploadIds } from "../../server/routes/index.ts";
import { ProblemError } from "../../shared/problem.ts";
import { NOW, scriptStorage, storedObject } from "./scripted-storage.ts";

const MiB = 1024 * 1024;
/** What tells an upload's object from others, where every random number is 0. */
const TAG = { "x-amz-meta-sluice-upload": "00000000000" };
const SECRET = "0123456789abcdef0123456789abcdef";

function serve({
  localMode = true,
  capabilities = {},
  ping = async () => undefined as void,
  isShuttingDown = (): boolean => false,
} = {}) {
  const scripted = scriptStorage(capabilities);
  const lines: string[] = [];
  const app = createApp({
    api: {
      storage: {
        ...scripted.storage,
        // Looked up when asked, so that a test can overrule it.
        capabilities: () => scripted.storage.capabilities(),
        kind: "s3",
        origins: ["https://bucket.s3.example"],
        ping,
        close: () => undefined,
      },
      ids: createUploadIds(Buffer.alloc(32, 1), "bucket", () => NOW.getTime()),
      now: () => NOW,
      random: () => 0,
    },
    auth: {
      verifyGrant: createGrantVerifier(SECRET, () => NOW),
      localMode,
      allowedOrigins: ["https://app.example"],
    },
    log: pino({}, { write: (line: string) => void lines.push(line) }),
    webDir: "/nowhere",
    isShuttingDown,
  });
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const response = await app.request(`http://127.0.0.1:8080${path}`, {
      method,
      headers: {
        host: "127.0.0.1:8080",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = (response.headers.get("content-type") ?? "").includes("json");
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
    };
  };
  const open = async (file: object, options: object = {}, headers: Record<string, string> = {}) => {
    const { body } = await ask("POST", "/api/uploads", { files: [file], ...options }, headers);
    return body.uploads[0];
  };
  return { ...scripted, lines, ask, open };
}

function grant(claims: Record<string, unknown>): Promise<string> {
  return new SignJWT({ sub: "ada", scope: "upload", ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime(new Date(NOW.getTime() + 60_000))
    .sign(new TextEncoder().encode(SECRET))
    .then((token) => `Bearer ${token}`);
}

describe("POST /api/uploads", () => {
  it.each([0, 1, 16 * MiB - 1])(
    "answers one PUT for %d bytes and creates nothing",
    async (size) => {
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
    },
  );

  it.each([
    [16 * MiB, 2],
    [16 * MiB + 1, 3],
  ])("answers all parts of a file of %d bytes", async (sizeBytes, partCount) => {
    const { open, calls } = serve();
    const upload = await open({ name: "a.mp4", sizeBytes, contentType: "video/mp4" });
    expect(upload).toMatchObject({ method: "multipart", partSizeBytes: 8 * MiB, partCount });
    expect(upload.parts).toHaveLength(partCount);
    expect(upload.parts[0]).toEqual({ partNumber: 1, url: "a.mp4#1" });
    expect(calls).toEqual([
      "head a.mp4",
      'create a.mp4 {"contentType":"video/mp4","metadata":{"sluice-upload":"00000000000"}}',
    ]);
  });

  it("signs a first window of 100 parts of a larger file", async () => {
    const upload = await serve().open({ name: "a", sizeBytes: 8000 * MiB });
    expect(upload.partCount).toBe(1000);
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

  it("plans parts without a number where the size is not known", async () => {
    expect(await serve().open({ name: "a", sizeBytes: null })).toMatchObject({
      method: "multipart",
      partCount: null,
      partSizeBytes: 32 * MiB,
    });
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
    const file = { name: "a", sizeBytes: 1 };
    const untyped = { "content-type": "application/octet-stream", ...TAG };
    expect((await serve().open(file, { ifExists: "replace" })).headers).toEqual(untyped);
    const unable = serve({ capabilities: { conditionalWrites: false } });
    expect((await unable.open(file)).headers).toEqual(untyped);
  });

  it("asks for the condition where it is not known whether the storage keeps it", async () => {
    const { open, storage } = serve();
    vi.spyOn(storage, "capabilities").mockRejectedValue(new ProblemError("storage-busy", "Wait."));
    const { headers } = await open({ name: "a", sizeBytes: 1 });
    expect(headers).toHaveProperty("if-none-match", "*");
  });

  it("sends metadata and storage class as headers", async () => {
    const options = { metadata: { Origin: "camera 1" }, storageClass: "STANDARD_IA" };
    const { open } = serve();
    expect((await open({ name: "a", sizeBytes: 1 }, options)).headers).toEqual({
      "content-type": "application/octet-stream",
      "if-none-match": "*",
      "x-amz-storage-class": "STANDARD_IA",
      "x-amz-meta-origin": "camera 1",
      ...TAG,
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

describe("a grant", () => {
  it("puts its prefix in front of every key and holds its limits, file by file", async () => {
    const { ask } = serve({ localMode: false });
    const authorization = await grant({
      prefix: "users/ada/",
      max_bytes: 10,
      content_types: ["image/*"],
    });
    const { body } = await ask(
      "POST",
      "/api/uploads",
      {
        files: [
          { name: "../../a.png", sizeBytes: 10, contentType: "image/png" },
          { name: "b.png", sizeBytes: 11, contentType: "image/png" },
          { name: "c.html", sizeBytes: 1, contentType: "text/html" },
          { name: "d.png", sizeBytes: 1, contentType: "image/png, text/html" },
        ],
      },
      { authorization },
    );
    expect(body.uploads[0].key).toBe("users/ada/a.png");
    expect(body.uploads[1].problem.code).toBe("forbidden");
    expect(body.uploads[2].problem.code).toBe("forbidden");
    // A browser would take the last of several types.
    expect(body.uploads[3].problem.code).toBe("bad-request");
  });

  it("holds its prefix where a name is taken", async () => {
    const { open, objects } = serve({ localMode: false });
    objects.set("team.a-report", storedObject({}));
    const authorization = await grant({ prefix: "team.a-" });
    const upload = await open({ name: "report", sizeBytes: 1 }, {}, { authorization });
    expect(upload.key).toBe("team.a-report (2)");
  });

  it("takes a file without a type for what it will be stored as", async () => {
    const { open } = serve({ localMode: false });
    const authorization = await grant({ content_types: ["application/octet-stream"] });
    const file = { name: "a", sizeBytes: 1, contentType: "" };
    expect((await open(file, {}, { authorization })).key).toBe("a");
  });

  it("is needed beyond loopback, for every route of the API", async () => {
    const { ask } = serve({ localMode: false });
    for (const [method, path] of [
      ["GET", "/api/config"],
      ["POST", "/api/uploads"],
      ["DELETE", "/api/uploads/x"],
      ["POST", "/api/downloads"],
      ["GET", "/api/nothing"],
    ] as const) {
      expect((await ask(method, path)).status).toBe(401);
    }
  });

  it("without the scope opens nothing and signs no download", async () => {
    const { ask } = serve({ localMode: false });
    const authorization = await grant({ scope: "query" });
    const files = [{ name: "a", sizeBytes: 1 }];
    const asked = await ask("POST", "/api/uploads", { files }, { authorization });
    expect([asked.status, asked.body.code]).toEqual([403, "forbidden"]);
    const download = await ask("POST", "/api/downloads", { key: "a" }, { authorization });
    expect(download.status).toBe(403);
  });

  it("does not open another one's upload", async () => {
    const { ask, open } = serve({ localMode: false });
    const upload = await open(
      { name: "a", sizeBytes: 20 * MiB },
      {},
      { authorization: await grant({ sub: "eve" }) },
    );
    const headers = { authorization: await grant({}) };
    for (const [method, path, body] of [
      ["POST", "parts", { partNumbers: [1] }],
      ["GET", "parts", undefined],
      ["POST", "complete", {}],
      ["DELETE", "", undefined],
    ] as const) {
      const path_ = `/api/uploads/${upload.id}${path && `/${path}`}`;
      expect((await ask(method, path_, body, headers)).body.code).toBe("not-yours");
    }
  });
});

describe("the parts of an upload", () => {
  it("are signed in the order asked for", async () => {
    const { ask, open } = serve();
    const { id } = await open({ name: "a", sizeBytes: 20 * MiB });
    const { status, body } = await ask("POST", `/api/uploads/${id}/parts`, { partNumbers: [3, 1] });
    expect(status).toBe(200);
    expect(body).toEqual({
      parts: [
        { partNumber: 3, url: "a#3" },
        { partNumber: 1, url: "a#1" },
      ],
      expiresAt: "2026-11-23T13:00:00.000Z",
    });
  });

  it.each([
    [[4], "part-not-in-plan"],
    [[0], "bad-request"],
    [[10_001], "bad-request"],
    [[], "bad-request"],
    [Array(1001).fill(1), "bad-request"],
    ["1", "bad-request"],
  ])("are not signed for the numbers %j", async (partNumbers, code) => {
    const { ask, open } = serve();
    const { id } = await open({ name: "a", sizeBytes: 20 * MiB });
    const { status, body } = await ask("POST", `/api/uploads/${id}/parts`, { partNumbers });
    expect([status, body.code]).toEqual([400, code]);
  });

  it("include part 1 of a single PUT, with its headers signed again", async () => {
    const { ask, open } = serve();
    const { id, url } = await open({ name: "a", sizeBytes: 7, contentType: "image/png" });
    const { body } = await ask("POST", `/api/uploads/${id}/parts`, { partNumbers: [1] });
    expect(body.parts).toEqual([{ partNumber: 1, url }]);
    const second = await ask("POST", `/api/uploads/${id}/parts`, { partNumbers: [2] });
    expect(second.body.code).toBe("part-not-in-plan");
  });

  it("are listed as the storage holds them, and say what became of the upload", async () => {
    const { ask, open, uploads } = serve();
    const { id } = await open({ name: "a", sizeBytes: 20 * MiB });
    const parts = [8, 8, 4].map((size, index) => {
      return { partNumber: index + 1, sizeBytes: size * MiB, etag: '"x"' };
    });
    uploads.set("upload-1", parts);
    const path = `/api/uploads/${id}/parts`;
    expect((await ask("GET", path)).body).toEqual({
      parts,
      partSizeBytes: 8 * MiB,
      state: "open",
    });
    await ask("POST", `/api/uploads/${id}/complete`, {});
    expect((await ask("GET", path)).body).toMatchObject({ parts: [], state: "completed" });
  });

  it("are gone after an abort, which may be repeated and deletes no object", async () => {
    const { ask, open, objects } = serve();
    const { id, key } = await open({ name: "a", sizeBytes: 20 * MiB });
    objects.set(key, storedObject({ sizeBytes: 1 }));
    expect((await ask("DELETE", `/api/uploads/${id}`)).status).toBe(204);
    expect((await ask("DELETE", `/api/uploads/${id}`)).status).toBe(204);
    expect((await ask("GET", `/api/uploads/${id}/parts`)).body.state).toBe("gone");
    expect(objects.has(key)).toBe(true);
  });

  it("are not there for a forged ID", async () => {
    const { ask } = serve();
    const forged = await ask("POST", "/api/uploads/e30.AAAA/complete", {});
    expect([forged.status, forged.body.code]).toEqual([403, "id-invalid"]);
    const long = await ask("GET", `/api/uploads/${"x".repeat(12_289)}/parts`);
    expect([long.status, long.body.code]).toEqual([400, "bad-request"]);
  });
});

describe("POST /api/downloads", () => {
  it.each([
    ["image/png", "inline"],
    ["text/plain; charset=utf-8", "inline"],
    ["text/html", "attachment"],
    ["image/svg+xml", "attachment"],
    ["video/mp4, text/html", "attachment"],
  ])("lets a browser show %s as %s", async (contentType, disposition) => {
    const { ask, objects } = serve();
    objects.set('a/b "ü".x', storedObject({ sizeBytes: 3, etag: '"e"', contentType }));
    const { body } = await ask("POST", "/api/downloads", { key: 'a/b "ü".x' });
    expect(body).toMatchObject({ sizeBytes: 3, etag: '"e"', contentType });
    expect(body.urls).toEqual([
      `a/b "ü".x {"response-content-disposition":"${disposition}; filename*=UTF-8''b%20%22%C3%BC%22.x"}`,
    ]);
  });

  it("knows no key that is not there", async () => {
    const { status, body } = await serve().ask("POST", "/api/downloads", { key: "a" });
    expect([status, body.code]).toEqual([404, "not-found"]);
  });

  it.each(["", "\ud800", "é".repeat(513)])("names a key that cannot be one (%#)", async (key) => {
    const { status, body } = await serve().ask("POST", "/api/downloads", { key });
    expect([status, body.code]).toEqual([400, "bad-request"]);
    expect(body.detail).toContain("key: ");
  });

  it("keeps to the grant's prefix", async () => {
    const { ask, objects } = serve();
    objects.set("b", storedObject({}));
    const authorization = await grant({ scope: "download", prefix: "a/" });
    const { body } = await ask("POST", "/api/downloads", { key: "b" }, { authorization });
    expect(body.code).toBe("forbidden");
  });
});

describe("GET /api/config", () => {
  it("says what this browser needs to know", async () => {
    expect((await serve().ask("GET", "/api/config")).body).toMatchObject({
      serverTime: NOW.toISOString(),
      limits: { multipartThresholdBytes: 16 * MiB, maxPartCount: 10_000 },
      defaults: { keyStrategy: "plain", ifExists: "rename", connections: 6 },
      storage: { kind: "s3", origins: ["https://bucket.s3.example"], conditionalWrites: true },
    });
  });

  it("answers while the storage is away", async () => {
    const { ask, storage } = serve();
    vi.spyOn(storage, "capabilities").mockRejectedValue(new ProblemError("storage-busy", "Wait."));
    const { status, body } = await ask("GET", "/api/config");
    expect([status, body.storage.conditionalWrites]).toEqual([200, false]);
  });

  it("does not wait for a storage that hangs", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { ask, storage } = serve();
    vi.spyOn(storage, "capabilities").mockReturnValue(new Promise(() => undefined));
    const asked = ask("GET", "/api/config");
    await vi.advanceTimersByTimeAsync(2000);
    expect((await asked).status).toBe(200);
    vi.useRealTimers();
  });
});

describe("every answer", () => {
  it("carries a request ID: the one that came, unless it is suspicious", async () => {
    const { ask } = serve();
    const idOf = async (id: string) =>
      (await ask("GET", "/api/nothing", undefined, { "x-request-id": id })).body.requestId;
    expect(await idOf("trace-1")).toBe("trace-1");
    expect(await idOf("<script>")).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idOf("x".repeat(200))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("lets the page run its own scripts alone, and reach the storage", async () => {
    const policy = (await serve().ask("GET", "/docs")).headers.get("content-security-policy");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).toContain("connect-src 'self' https://bucket.s3.example;");
  });

  it("is readable from allowed sites alone", async () => {
    const { ask } = serve();
    const allowed = async (origin: string) =>
      (await ask("OPTIONS", "/api/uploads", undefined, { origin })).headers.get(
        "access-control-allow-origin",
      );
    expect(await allowed("https://app.example")).toBe("https://app.example");
    expect(await allowed("https://evil.example")).toBeNull();
  });

  it("of the API is kept by no cache, problems neither", async () => {
    const { ask } = serve();
    for (const path of ["/api/config", "/api/nothing"]) {
      expect((await ask("GET", path)).headers.get("cache-control")).toBe("no-store");
    }
  });

  it("is a problem where nothing is", async () => {
    const { status, body } = await serve().ask("GET", "/api/nothing");
    expect([status, body.code]).toEqual([404, "not-found"]);
  });

  it("says nothing of the inside of a fault, which the log tells", async () => {
    const { ask, lines, overrule } = serve();
    overrule({ headObject: () => Promise.reject(new Error("secret detail")) });
    const { status, body } = await ask("POST", "/api/downloads", { key: "a" });
    expect([status, body.code]).toEqual([500, "internal"]);
    expect(JSON.stringify(body)).not.toContain("secret detail");
    expect(
      lines.some((line) => line.includes("secret detail") && line.includes(body.requestId)),
    ).toBe(true);
  });

  it("tells the log of faults of single files as well, once a request", async () => {
    const { ask, lines, overrule } = serve();
    overrule({ headObject: () => Promise.reject(new Error("secret detail")) });
    const files = ["a", "b", "c"].map((name) => ({ name, sizeBytes: 1 }));
    const { status, body } = await ask("POST", "/api/uploads", { files });
    expect([status, body.uploads[2].problem.code]).toEqual([201, "internal"]);
    expect(JSON.stringify(body)).not.toContain("secret detail");
    expect(lines.filter((line) => line.includes("secret detail"))).toHaveLength(1);
  });

  it("tells the log why the storage failed, but nothing that was signed", async () => {
    const { ask, lines, overrule } = serve();
    const cause = Object.assign(new Error("connect ECONNREFUSED"), { StringToSign: "AWS4-HMAC" });
    const problem = new ProblemError("storage-unreachable", "No answer.", { cause });
    overrule({ headObject: () => Promise.reject(problem) });
    await ask("POST", "/api/downloads", { key: "a" });
    expect(lines.join("")).toContain('"reasons":["No answer.","connect ECONNREFUSED"]');
    expect(lines.join("")).not.toContain("AWS4-HMAC");
  });

  it("asks for patience where the storage is busy", async () => {
    const { ask, overrule } = serve();
    overrule({ headObject: () => Promise.reject(new ProblemError("storage-busy", "Wait.")) });
    const { status, headers } = await ask("POST", "/api/downloads", { key: "a" });
    expect([status, headers.get("retry-after")]).toEqual([503, "1"]);
  });

  it("is logged by its route, without upload IDs or URLs", async () => {
    const { ask, open, lines } = serve();
    const { id } = await open({ name: "hidden.bin", sizeBytes: 20 * MiB });
    await ask("GET", `/api/uploads/${id}/parts?X-Amz-Signature=abc`);
    expect(lines.join("")).toContain('"route":"/api/uploads/:id/parts","status":200');
    expect(lines.join("")).not.toMatch(/hidden|X-Amz|eyJ/);
  });
});

describe("health", () => {
  it("lives, and is ready while the storage answers", async () => {
    const { ask } = serve();
    expect((await ask("GET", "/healthz")).body).toBe("ok");
    expect((await ask("GET", "/readyz")).status).toBe(200);
  });

  it("is not ready where the storage is missing, and is again once it is there", async () => {
    let isThere = false;
    const { ask } = serve({
      ping: async () => {
        if (!isThere) throw new ProblemError("bucket-missing", "There is no bucket.");
      },
    });
    expect((await ask("GET", "/readyz")).status).toBe(502);
    isThere = true;
    expect((await ask("GET", "/readyz")).status).toBe(200);
  });

  it("asks the storage once for many questions", async () => {
    let pings = 0;
    const { ask } = serve({ ping: async () => void (pings += 1) });
    for (let count = 0; count < 5; count += 1) await ask("GET", "/readyz");
    expect(pings).toBe(1);
  });

  it("is not ready while it ends, but lives", async () => {
    const { ask } = serve({ isShuttingDown: () => true });
    expect((await ask("GET", "/readyz")).body.code).toBe("shutting-down");
    expect((await ask("GET", "/healthz")).status).toBe(200);
  });
});

describe("documents", () => {
  it("describe every route with the schemas that validate", async () => {
    const { body } = await serve().ask("GET", "/openapi.json");
    expect(body.openapi).toBe("3.1.0");
    expect(Object.keys(body.paths)).toEqual([
      "/api/config",
      "/api/uploads",
      "/api/uploads/{id}/parts",
      "/api/uploads/{id}/complete",
      "/api/uploads/{id}",
      "/api/downloads",
      "/healthz",
      "/readyz",
    ]);
    expect(body.components.schemas.SignPartsRequest.properties.partNumbers).toMatchObject({
      type: "array",
      minItems: 1,
      maxItems: 1000,
    });
  });

  it("show themselves on a page without scripts", async () => {
    const { headers, body } = await serve().ask("GET", "/docs");
    expect(headers.get("content-type")).toContain("text/html");
    expect(body).toContain("/api/uploads/{id}/complete");
    expect(body).toContain('id="upload-incomplete"');
    expect(body).not.toContain("<script");
  });

  it("say what to do where the page has not been built", async () => {
    const { status, body } = await serve().ask("GET", "/");
    expect(status).toBe(503);
    expect(body).toContain("npm start");
  });
});
