import { Hono } from "hono";
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { authenticate, createGrantVerifier, type AuthEnv } from "../../../server/auth/index.ts";
import { problemResponse } from "../../../server/routes/problem-response.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const NOW = new Date("2026-11-23T12:00:00Z");

function grant(
  claims: Record<string, unknown> = {},
  { alg = "HS256", secret = SECRET, expiresAt = "2026-11-23T13:00:00Z" } = {},
): Promise<string> {
  return new SignJWT({ sub: "ada", scope: "upload", ...claims })
    .setProtectedHeader({ alg })
    .setExpirationTime(new Date(expiresAt))
    .sign(new TextEncoder().encode(secret));
}

function serve(localMode: boolean) {
  const app = new Hono<AuthEnv>();
  app.onError((error, c) => problemResponse(c, error));
  app.use(
    authenticate({
      verifyGrant: createGrantVerifier(
        { secret: SECRET, jwksUrl: null, audience: "sluice", issuer: null },
        () => NOW,
      ),
      signIn: null,
      localMode,
      allowedOrigins: ["https://app.example"],
      proxyHops: 0,
      requests: { take: async () => 0 },
    }),
  );
  return app.all("*", (c) => {
    const { scopes, ...identity } = c.get("identity");
    return c.json({ ...identity, scopes: [...scopes] });
  });
}

async function ask(
  localMode: boolean,
  headers: Record<string, string>,
  method = "POST",
): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
  const response = await serve(localMode).request("http://127.0.0.1:8080/", {
    method,
    headers: { host: "127.0.0.1:8080", ...headers },
  });
  return {
    status: response.status,
    body: JSON.parse(await response.text()),
    headers: response.headers,
  };
}

describe("authenticate beyond loopback", () => {
  it("refuses who brings nothing, and says how to ask", async () => {
    const { status, body, headers } = await ask(false, {});
    expect([status, body["code"], headers.get("www-authenticate")]).toEqual([
      401,
      "unauthorized",
      "Bearer",
    ]);
  });

  it("takes subject, scopes and limits from the grant", async () => {
    const token = await grant({
      scope: "upload download unknown",
      prefix: "users/ada/",
      max_bytes: 1000,
      content_types: ["image/*"],
    });
    const { body } = await ask(false, { authorization: `Bearer ${token}` });
    expect(body).toEqual({
      subject: "ada",
      scopes: ["upload", "download"],
      prefix: "users/ada/",
      maxBytes: 1000,
      contentTypes: ["image/*"],
    });
  });

  it.each([
    ["expired", () => grant({}, { expiresAt: "2026-11-23T11:59:00Z" })],
    ["signed with another secret", () => grant({}, { secret: SECRET.toUpperCase() })],
    ["of another algorithm", () => grant({}, { alg: "HS512" })],
    ["without a subject", () => grant({ sub: undefined })],
    ["without a scope", () => grant({ scope: undefined })],
    ["with a limit that is no number", () => grant({ max_bytes: "many" })],
    [
      "unsigned",
      async () => {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
        const claims = { sub: "ada", scope: "admin", exp: 4_000_000_000 };
        return `${part({ alg: "none" })}.${part(claims)}.`;
      },
    ],
    ["no token at all", async () => "hello"],
  ])("refuses a grant that is %s", async (_, make) => {
    const { status, body } = await ask(false, { authorization: `Bearer ${await make()}` });
    expect([status, body["code"]]).toEqual([401, "unauthorized"]);
  });

  it("refuses another scheme", async () => {
    expect((await ask(false, { authorization: "Basic YTpi" })).status).toBe(401);
  });
});

describe("authenticate in local mode", () => {
  it("takes everyone as admin", async () => {
    const { body } = await ask(true, {});
    expect(body).toMatchObject({ subject: "local", maxBytes: null });
    expect(body["scopes"]).toContain("admin");
  });

  it("still honours a grant with its own limits, and refuses a bad one", async () => {
    const token = await grant({ max_bytes: 5 });
    expect((await ask(true, { authorization: `Bearer ${token}` })).body).toMatchObject({
      subject: "ada",
      scopes: ["upload"],
      maxBytes: 5,
    });
    expect((await ask(true, { authorization: `Bearer ${token}x` })).status).toBe(401);
  });

  it.each(["evil.example", "127.0.0.1.evil.example:8080", "192.0.2.7:8080", ""])(
    "refuses the host name %j, as a rebound name would bring it",
    async (host) => {
      const { status, body } = await ask(true, { host }, "GET");
      expect([status, body["code"]]).toEqual([403, "forbidden"]);
    },
  );

  it.each(["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"])(
    "refuses what a proxy passes on (%s), which everyone can reach, but not beyond loopback",
    async (name) => {
      const { status, body } = await ask(true, { [name]: "192.0.2.7" }, "GET");
      expect([status, body["code"]]).toEqual([403, "forbidden"]);
      const authorization = `Bearer ${await grant()}`;
      expect((await ask(false, { [name]: "192.0.2.7", authorization })).status).toBe(200);
    },
  );

  it.each([
    ["https://evil.example", 403],
    ["http://localhost:8080", 403],
    ["null", 403],
    ["http://127.0.0.1:9000", 403],
    ["http://127.0.0.1:8080", 200],
    ["https://app.example", 200],
  ])("answers a change asked for by %s with %d", async (origin, status) => {
    expect((await ask(true, { origin })).status).toBe(status);
  });

  it.each<[Record<string, string>, number]>([
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "same-site" }, 403],
    [{ "sec-fetch-site": "cross-site", origin: "https://evil.example" }, 403],
    [{ "sec-fetch-site": "cross-site", origin: "https://app.example" }, 200],
    [{ "sec-fetch-site": "same-origin" }, 200],
    [{ "sec-fetch-site": "none" }, 200],
  ])("answers a question asked with %j with %d", async (headers, status) => {
    expect((await ask(true, headers, "GET")).status).toBe(status);
  });
});
