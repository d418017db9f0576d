import { describe, expect, it } from "vitest";
import { createSignIn } from "../../../server/auth/index.ts";
import { grant, PASSWORD, serve, signInAt } from "../scripted-app.ts";
import { NOW } from "../scripted-storage.ts";

const OWN = "http://127.0.0.1:8080";
const MINUTE_MS = 60_000;

function scene() {
  let nowMs = NOW.getTime();
  const signIn = signInAt(() => nowMs);
  const served = serve({ localMode: false, auth: { signIn } });
  const { ask } = served;
  const post = (password: string, headers: Record<string, string> = {}) =>
    ask("POST", "/api/session", { password }, { origin: OWN, ...headers });
  const cookieOf = (headers: Headers) => headers.get("set-cookie")?.split(";")[0] ?? "";
  return {
    ...served,
    post,
    cookieOf,
    pass: (ms: number) => void (nowMs += ms),
    signIn: async () => cookieOf((await post(PASSWORD)).headers),
    session: (cookie: string, headers: Record<string, string> = {}) =>
      ask("GET", "/api/session", undefined, { cookie, ...headers }),
  };
}

describe("signing in", () => {
  it("gives a cookie that no script reads and no other site sends", async () => {
    const { post } = scene();
    const { status, headers } = await post(PASSWORD);
    expect(status).toBe(204);
    expect(headers.get("set-cookie")).toMatch(
      /^sluice_session=[\w.-]+; Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });

  it("keeps to HTTPS whoever came by it", async () => {
    const { post } = scene();
    const { headers } = await post(PASSWORD, { origin: "https://127.0.0.1:8080" });
    expect(headers.get("set-cookie")).toContain("; Secure");
  });

  it("makes an admin of every route, and says so", async () => {
    const { ask, signIn, session } = scene();
    const cookie = await signIn();
    expect((await session(cookie)).body).toEqual({
      mode: "session",
      canSignIn: true,
      identity: {
        subject: "admin",
        scopes: expect.arrayContaining(["upload", "download", "query", "admin"]),
        prefix: "",
        maxBytes: null,
        contentTypes: null,
      },
      expiresAt: new Date(NOW.getTime() + 30 * MINUTE_MS).toISOString(),
    });
    expect((await ask("GET", "/api/config", undefined, { cookie })).status).toBe(200);
  });

  it("is not undone by a site beside ours that puts cookies of the same name before it", async () => {
    const { signIn, session } = scene();
    const cookie = await signIn();
    const put = (count: number) => "sluice_session=theirs; ".repeat(count);
    expect((await session(`a=b; ${put(3)}${cookie}; c`)).body.mode).toBe("session");
    expect((await session(`${put(1000)}${cookie}`)).body.mode).toBe("none");
  });

  it.each(["", "wrong", `${PASSWORD}x`, PASSWORD.toUpperCase()])("refuses %j", async (password) => {
    const { post } = scene();
    const { status, body, headers } = await post(password);
    expect([status, body.code, headers.get("set-cookie")]).toEqual([401, "unauthorized", null]);
  });

  it("refuses another site's form, and a body that is too long to be a password", async () => {
    const { post } = scene();
    expect((await post(PASSWORD, { origin: "https://evil.example" })).status).toBe(403);
    expect((await post("x".repeat(9000))).body.code).toBe("body-too-large");
  });

  it("lets nobody in where no password is set", async () => {
    const { ask } = serve({ localMode: false });
    const { status, body } = await ask("POST", "/api/session", { password: "" });
    expect([status, body.detail]).toEqual([404, expect.stringContaining("SLUICE_ADMIN_PASSWORD")]);
  });

  it("lets a guesser wait longer and longer, and says how long", async () => {
    const { post, pass } = scene();
    for (let attempt = 0; attempt < 5; attempt += 1) expect((await post("no")).status).toBe(401);
    const refused = await post(PASSWORD);
    expect([refused.status, refused.body.code]).toEqual([429, "rate-limited"]);
    expect(refused.headers.get("retry-after")).toBe("5");
    pass(4999);
    expect((await post("no")).status).toBe(429);
    pass(1);
    expect((await post("no")).status).toBe(401);
    expect((await post("no")).headers.get("retry-after")).toBe("10");
    pass(10_000);
    expect((await post(PASSWORD)).status).toBe(204);
    expect((await post("no")).status).toBe(401);
  });
});

describe("GET /api/session", () => {
  it("answers nobody as well", async () => {
    const { session } = scene();
    const nobody = { mode: "none", canSignIn: true, identity: null };
    expect((await session("")).body).toEqual(nobody);
    expect((await session("sluice_session=eyJ.eyJ.x")).body).toEqual(nobody);
  });

  it("knows local mode, and a grant with its limits", async () => {
    const { body } = await serve().ask("GET", "/api/session");
    expect(body).toMatchObject({ mode: "local", canSignIn: false, identity: { subject: "local" } });
    const { session } = scene();
    const authorization = await grant({ prefix: "a/", max_bytes: 7, content_types: ["image/*"] });
    expect((await session("", { authorization })).body).toEqual({
      mode: "grant",
      canSignIn: true,
      identity: {
        subject: "ada",
        scopes: ["upload"],
        prefix: "a/",
        maxBytes: 7,
        contentTypes: ["image/*"],
      },
    });
  });
});

describe("a session", () => {
  it("ends after half an hour without use, and goes on in use by a new token", async () => {
    const { ask, signIn, cookieOf, pass } = scene();
    const use = (cookie: string) => ask("GET", "/api/config", undefined, { cookie });
    const first = await signIn();
    pass(4 * MINUTE_MS);
    expect((await use(first)).headers.get("set-cookie")).toBeNull();
    pass(2 * MINUTE_MS);
    const second = cookieOf((await use(first)).headers);
    expect(second).toMatch(/^sluice_session=/);
    pass(25 * MINUTE_MS);
    expect((await use(first)).status).toBe(401);
    expect((await use(second)).status).toBe(200);
  });

  it("ends after twelve hours, however much it is used", async () => {
    const { ask, signIn, cookieOf, pass } = scene();
    let cookie = await signIn();
    let usedMinutes = 0;
    for (; usedMinutes < 24 * 60; usedMinutes += 20) {
      const { status, headers } = await ask("GET", "/api/config", undefined, { cookie });
      if (status === 401) break;
      cookie = cookieOf(headers) || cookie;
      pass(20 * MINUTE_MS);
    }
    expect(usedMinutes).toBe(12 * 60);
  });

  it("is over once it is signed out of, its older tokens too", async () => {
    const { ask, signIn, cookieOf, pass, session } = scene();
    const first = await signIn();
    pass(6 * MINUTE_MS);
    const { headers } = await ask("GET", "/api/config", undefined, { cookie: first });
    const second = cookieOf(headers);
    const out = await ask("DELETE", "/api/session", undefined, { cookie: second, origin: OWN });
    expect([out.status, out.headers.get("set-cookie")]).toEqual([
      204,
      expect.stringContaining("sluice_session=; Max-Age=0"),
    ]);
    for (const cookie of [first, second]) {
      expect((await session(cookie)).body.mode).toBe("none");
      const { status, body } = await ask("GET", "/api/config", undefined, { cookie });
      expect([status, body.detail]).toEqual([401, "Your session has ended: sign in again."]);
    }
    const again = await ask("DELETE", "/api/session", undefined, { origin: OWN });
    expect(again.status).toBe(204);
  });

  it("is worth nothing as a grant, and a grant nothing as a session", async () => {
    const { ask, signIn, session } = scene();
    const token = (await signIn()).replace("sluice_session=", "");
    const authorization = `Bearer ${token}`;
    expect((await ask("GET", "/api/config", undefined, { authorization })).status).toBe(401);
    const other = (await grant({ scope: "admin" })).replace("Bearer ", "");
    expect((await session(`sluice_session=${other}`)).body.mode).toBe("none");
  });

  it("ends with the password it was opened by", async () => {
    const { signIn } = scene();
    const cookie = await signIn();
    const changed = createSignIn("another password", Buffer.alloc(32, 2), () => NOW.getTime());
    const { ask } = serve({ localMode: false, auth: { signIn: changed } });
    const { body } = await ask("GET", "/api/session", undefined, { cookie });
    expect(body.mode).toBe("none");
  });
});

describe("another site in a signed-in browser", () => {
  it.each([
    [{ origin: "https://evil.example" }, 403],
    // The store's port: cookies are sent to all ports of a host.
    [{ origin: "http://127.0.0.1:9000" }, 403],
    [{ origin: "null" }, 403],
    [{}, 403],
    [{ origin: "https://app.example" }, 401],
    [{ origin: OWN }, 404],
  ])("changes nothing with the cookie and %j (%d)", async (headers, expected) => {
    const { ask, signIn } = scene();
    const cookie = await signIn();
    const { status } = await ask("POST", "/api/downloads", { key: "a" }, { cookie, ...headers });
    expect(status).toBe(expected);
  });

  it.each<[Record<string, string>, number]>([
    [{ origin: "https://evil.example" }, 401],
    [{ "sec-fetch-site": "cross-site" }, 401],
    [{ "sec-fetch-site": "same-site" }, 401],
    [{ "sec-fetch-site": "same-origin" }, 200],
    [{ "sec-fetch-site": "none" }, 200],
    [{}, 200],
  ])("reads nothing with the cookie and %j (%d)", async (headers, expected) => {
    const { ask, signIn } = scene();
    const cookie = await signIn();
    const answer = await ask("GET", "/api/config", undefined, { cookie, ...headers });
    expect(answer.status).toBe(expected);
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
  });
});
