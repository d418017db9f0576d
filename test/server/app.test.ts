import { describe, expect, it, vi } from "vitest";
import { ProblemError } from "../../shared/problem.ts";
import { grant, serve } from "./scripted-app.ts";
import { NOW, storedObject } from "./scripted-storage.ts";

const MiB = 1024 * 1024;

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
      ["POST", "/api/select"],
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

  it("without the scope, or beyond the prefix, answers no query", async () => {
    const { ask } = serve({ localMode: false });
    const query = { key: "b", sql: "SELECT * FROM S3Object", input: { format: "csv" } };
    for (const claims of [{ scope: "upload" }, { scope: "query", prefix: "a/" }]) {
      const authorization = await grant(claims);
      const { status } = await ask("POST", "/api/select", query, { authorization });
      expect(status).toBe(403);
    }
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

describe("an upload's ID", () => {
  const big = { name: "a", sizeBytes: 20 * MiB, contentType: "video/mp4" };
  const uses = (id: string) =>
    [
      ["POST", `/api/uploads/${id}/parts`, { partNumbers: [1] }],
      ["POST", `/api/uploads/${id}/complete`, {}],
      ["GET", `/api/uploads/${id}/parts`, undefined],
      ["DELETE", `/api/uploads/${id}`, undefined],
    ] as const;

  async function statusesFor(claims: Record<string, unknown>) {
    const { ask, open } = serve({ localMode: false });
    const { id } = await open(big, {}, { authorization: await grant({ prefix: "a" }) });
    const headers = { authorization: await grant(claims) };
    const statuses: number[] = [];
    for (const [method, path, body] of uses(id)) {
      statuses.push((await ask(method, path, body, headers)).status);
    }
    return statuses;
  }

  it.each<[string, Record<string, unknown>, number[]]>([
    // Completing finds no part.
    ["its owner", { prefix: "a" }, [200, 409, 200, 204]],
    ["an admin", { sub: "root", scope: "admin" }, [200, 409, 200, 204]],
    [
      "an admin of some keys alone",
      { sub: "root", scope: "admin", prefix: "a" },
      [403, 403, 403, 403],
    ],
    ["its owner, by a grant for other keys", { prefix: "b/" }, [403, 403, 403, 403]],
    ["its owner, by a grant for less", { max_bytes: MiB }, [403, 403, 200, 204]],
    ["its owner, by a grant for other types", { content_types: ["image/*"] }, [403, 403, 200, 204]],
    ["its owner, by a grant for its type", { content_types: ["video/*"] }, [200, 409, 200, 204]],
    ["its owner, who may upload no more", { scope: "download" }, [403, 403, 403, 403]],
  ])("answers %s", async (_, claims, expected) => {
    expect(await statusesFor(claims)).toEqual(expected);
  });

  it("of a file whose size was unknown is held to the present grant once it is known", async () => {
    const { ask, open, uploads } = serve({ localMode: false });
    const { id } = await open(
      { name: "a", sizeBytes: null },
      {},
      { authorization: await grant({}) },
    );
    uploads.set("upload-1", [{ partNumber: 1, sizeBytes: 10, etag: '"e"' }]);
    const complete = async (max_bytes: number) => {
      const headers = { authorization: await grant({ max_bytes }) };
      return (await ask("POST", `/api/uploads/${id}/complete`, {}, headers)).status;
    };
    expect([await complete(9), await complete(10)]).toEqual([403, 200]);
  });

  it("is not issued for the server's own keys", async () => {
    const { ask } = serve();
    const names = [
      ".sluice/uploads/x",
      "a/../.sluice/x",
      ".sluice//x",
      "./.sluice/x",
      ".sluice\\x",
    ];
    const files = names.map((name) => ({ name: "x", relativePath: name, sizeBytes: 1 }));
    const { body } = await ask("POST", "/api/uploads", { files });
    const codes = body.uploads.map(
      ({ key, problem }: { key?: string; problem?: { code: string } }) => {
        return problem?.code ?? key;
      },
    );
    // A backslash is a character of a name, and becomes a harmless one.
    expect(codes).toEqual(["forbidden", "a/.sluice/x", "forbidden", "forbidden", ".sluice_x"]);
  });
});

describe("limits of a caller", () => {
  it("hold uploads that are begun and not ended", async () => {
    const { ask, open } = serve({ localMode: false, maxOpenUploads: 2 });
    const headers = { authorization: await grant({}) };
    const files = ["a", "b", "c"].map((name) => ({ name, sizeBytes: 20 * MiB }));
    const { body } = await ask("POST", "/api/uploads", { files }, headers);
    const [first, , third] = body.uploads;
    expect(third.problem).toMatchObject({ code: "rate-limited", status: 429 });
    expect((await open({ name: "small", sizeBytes: 1 }, {}, headers)).key).toBe("small");
    const other = { authorization: await grant({ sub: "eve" }) };
    expect((await open({ name: "d", sizeBytes: 20 * MiB }, {}, other)).key).toBe("d");
    expect((await ask("DELETE", `/api/uploads/${first.id}`, undefined, headers)).status).toBe(204);
    expect((await open({ name: "e", sizeBytes: 20 * MiB }, {}, headers)).key).toBe("e");
  });

  it("give the place back of what the storage did not begin", async () => {
    const { open, overrule, storage } = serve({ maxOpenUploads: 1 });
    const { createUpload } = storage.gateway;
    overrule({ createUpload: () => Promise.reject(new ProblemError("storage-busy", "Wait.")) });
    const file = { name: "a", sizeBytes: 20 * MiB };
    expect((await open(file)).problem.code).toBe("storage-busy");
    overrule({ createUpload });
    expect((await open(file)).key).toBe("a");
  });

  it("hold requests: of each subject, and of each address that says nobody", async () => {
    const taken: string[] = [];
    const requests = {
      take: async (caller: string) => (taken.push(caller) > 3 ? 1500 : 0),
    };
    const { ask } = serve({ localMode: false, auth: { requests } });
    const authorization = await grant({});
    await ask("GET", "/api/config", undefined, { authorization });
    await ask("GET", "/api/config");
    await ask("GET", "/api/config", undefined, { authorization: `${authorization}x` });
    const id = "x";
    const refused = await ask(
      "POST",
      `/api/uploads/${id}/parts`,
      { partNumbers: [1] },
      { authorization },
    );
    expect([refused.status, refused.body.code, refused.headers.get("retry-after")]).toEqual([
      429,
      "rate-limited",
      "2",
    ]);
    expect(taken).toEqual(["grant ada", "address unknown", "address unknown", "grant ada"]);
  });

  it("let nobody in by guessing faster than others may ask", async () => {
    const requests = { take: async () => 1000 };
    const { ask } = serve({ localMode: false, auth: { requests } });
    const authorization = "Bearer eyJ.eyJ.x";
    expect((await ask("GET", "/api/config", undefined, { authorization })).status).toBe(429);
  });

  it("hold bodies of routes that need little to little", async () => {
    const { ask } = serve();
    const long = "x".repeat(2_000_000);
    const beat = { uploads: [{ id: long, state: "paused" }] };
    expect((await ask("POST", "/api/uploads/heartbeat", beat)).body.code).toBe("body-too-large");
    const signIn = await ask("POST", "/api/session", { password: "x".repeat(8200) });
    expect([signIn.status, signIn.body.code]).toEqual([413, "body-too-large"]);
  });

  it("read no body of nobody", async () => {
    const { ask } = serve({ localMode: false });
    expect((await ask("POST", "/api/uploads", "{".repeat(9_000_000))).status).toBe(401);
  });

  it("hold nobody up in local mode", async () => {
    const { ask } = serve({ auth: { requests: { take: async () => 1000 } } });
    expect((await ask("GET", "/api/config")).status).toBe(200);
  });
});

describe("administration", () => {
  it("says no before it reads what was asked for", async () => {
    const { ask } = serve({ localMode: false });
    const authorization = await grant({ scope: "upload" });
    const path = "/api/admin/uploads/abort";
    expect((await ask("POST", path, "no JSON", { authorization })).status).toBe(403);
    const limited = await grant({ scope: "admin", prefix: "a/" });
    const { status, body } = await ask("POST", path, {}, { authorization: limited });
    expect([status, body.detail]).toEqual([403, expect.stringContaining("about all keys")]);
  });

  it("gives a caller the places back of uploads that it aborts", async () => {
    const { ask, open } = serve({ maxOpenUploads: 1 });
    await open({ name: "a", sizeBytes: 20 * MiB });
    const uploads = [{ key: "a", uploadId: "upload-1" }];
    const { body } = await ask("POST", "/api/admin/uploads/abort", { uploads });
    expect(body.results[0].problem).toBeUndefined();
    expect((await open({ name: "b", sizeBytes: 20 * MiB })).key).toBe("b");
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
      storage: {
        kind: "s3",
        origins: ["https://bucket.s3.example"],
        acceleratedOrigins: [],
        accelerationUsdPerGb: null,
        equalParts: false,
        conditionalWrites: true,
        checksum: { algorithm: "CRC64NVME", mode: "computed" },
        storageClasses: ["STANDARD", "STANDARD_IA"],
      },
    });
  });

  it.each([
    ["unasked", "computed"],
    ["asked", "computed"],
    ["declared", "declared"],
  ])("calls a checksum that is made %s %s", async (when, mode) => {
    const checksum = { algorithm: "CRC32C", when, verifiedAtCompletion: false };
    const { storage } = (await serve({ capabilities: { checksum } }).ask("GET", "/api/config"))
      .body;
    expect(storage.checksum).toEqual({ algorithm: "CRC32C", mode });
  });

  it.each([
    [["https://fast.example"], null],
    [["https://b.s3-accelerate.amazonaws.com"], 0.08],
  ])("names accelerated origins where they work: %j at %j $", async (origins, usdPerGb) => {
    const { ask } = serve({
      capabilities: { acceleration: true },
      storage: { accelerateOrigins: origins },
    });
    const { storage } = (await ask("GET", "/api/config")).body;
    expect([storage.acceleratedOrigins, storage.accelerationUsdPerGb]).toEqual([origins, usdPerGb]);
  });

  it.each([
    [1, 6],
    [2, 12],
    [4, 12],
  ])("starts with %d origins at %d connections", async (count, connections) => {
    const origins = Array.from({ length: count }, (_, index) => `https://${index}.example`);
    const { ask } = serve({ storage: { origins } });
    expect((await ask("GET", "/api/config")).body.defaults.connections).toBe(connections);
  });

  it("answers while the storage is away", async () => {
    const { ask, storage } = serve();
    vi.spyOn(storage, "capabilities").mockRejectedValue(new ProblemError("storage-busy", "Wait."));
    const { status, body } = await ask("GET", "/api/config");
    expect([status, body.storage.conditionalWrites]).toEqual([200, false]);
    expect(body.storage).toMatchObject({ equalParts: true, checksum: null });
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
    expect(policy).not.toContain("unsafe-inline");
    // Acceleration may turn out to be there once the page has loaded.
    expect(policy).toContain(
      "connect-src 'self' https://bucket.s3.example https://fast.s3.example;",
    );
    expect(policy).toContain("img-src 'self' data: blob: https://bucket.s3.example;");
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
    const { app, ask } = serve();
    const { body } = await ask("GET", "/openapi.json");
    expect(body.openapi).toBe("3.1.0");
    const routes = app.routes.filter(({ path, method }) => method !== "ALL" && !path.includes("*"));
    const paths = routes.map(({ path }) => path.replaceAll(/:(\w+)/g, "{$1}"));
    const undocumented = ["/openapi.json", "/docs", "/docs.css"];
    expect(Object.keys(body.paths)).toEqual(
      [...new Set(paths)].filter((path) => !undocumented.includes(path)),
    );
    expect(Object.keys(body.paths)).toContain("/api/uploads/{id}/complete");
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
    expect(body).not.toContain("<style");
    expect((await serve().ask("GET", "/docs.css")).headers.get("content-type")).toBe("text/css");
  });

  it("say what to do where the page has not been built", async () => {
    const { status, body } = await serve().ask("GET", "/");
    expect(status).toBe(503);
    expect(body).toContain("npm start");
  });
});
