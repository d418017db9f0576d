import { createServer } from "node:http";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey, type JWK } from "jose";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createGrantVerifier } from "../../../server/auth/index.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const AUDIENCE = "sluice";
const RULES = { secret: SECRET, jwksUrl: null, audience: AUDIENCE, issuer: null };
const unauthorized = { code: "unauthorized" };
const unreachable = { code: "identity-unreachable" };

interface Signer {
  readonly alg: string;
  readonly kid?: string;
  readonly key: CryptoKey | Uint8Array;
}

const OURS: Signer = { alg: "HS256", key: new TextEncoder().encode(SECRET) };

function sign(claims: Record<string, unknown>, { alg, kid, key }: Signer): Promise<string> {
  return new SignJWT({ sub: "ada", scope: "upload", ...claims })
    .setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) })
    .setExpirationTime("1h")
    .sign(key);
}

describe("a grant by the server's secret", () => {
  const verify = createGrantVerifier(RULES);

  it.each<[string, Record<string, unknown>]>([
    ["for another audience", { aud: "elsewhere" }],
    ["for several others", { aud: ["a", "b"] }],
    ["not valid yet", { nbf: 4_000_000_000 }],
    ["with a negative limit", { max_bytes: -1 }],
    ["with half a byte", { max_bytes: 0.5 }],
    ["with a limit beyond counting", { max_bytes: 1e300 }],
    ["with a prefix that climbs", { prefix: "users/../" }],
    ["with a prefix that stands still", { prefix: "./users/" }],
    ["with a prefix of control characters", { prefix: "a\u0000b" }],
    ["with half a letter", { prefix: "\ud800" }],
    ["with types that are none", { content_types: ["*/html"] }],
    ["with one type instead of a list", { content_types: "image/png" }],
    ["with scopes as a list", { scope: ["admin"] }],
    ["with an empty subject", { sub: "" }],
  ])("is refused when it is %s", async (_, claims) => {
    await expect(verify(await sign(claims, OURS))).rejects.toMatchObject(unauthorized);
  });

  it("counts with our audience, and without any", async () => {
    for (const claims of [{ aud: AUDIENCE }, { aud: ["x", AUDIENCE] }, {}]) {
      expect(await verify(await sign(claims, OURS))).toMatchObject({ subject: "ada" });
    }
  });

  it("allows no more than it says: scopes that nobody knows, or that look like others, are nothing", async () => {
    const scopesOf = async (scope: string) => [
      ...(await verify(await sign({ scope }, OURS))).scopes,
    ];
    expect(await scopesOf("upload superuser * ADMIN admin:all admins")).toEqual(["upload"]);
    expect(await scopesOf("upload,admin")).toEqual([]);
    expect(await scopesOf("download admin")).toEqual(["download", "admin"]);
  });

  it("has to come from the issuer that is configured", async () => {
    const strict = createGrantVerifier({ ...RULES, issuer: "https://id.example" });
    expect(await strict(await sign({ iss: "https://id.example" }, OURS))).toBeDefined();
    for (const claims of [{}, { iss: "https://evil.example" }]) {
      await expect(strict(await sign(claims, OURS))).rejects.toMatchObject(unauthorized);
    }
  });

  it("says which claims mean nothing, and what is missing", async () => {
    const bad = await sign({ max_bytes: -1, content_types: [1] }, OURS);
    await expect(verify(bad)).rejects.toThrow("unusable claims: max_bytes, content_types");
    await expect(verify(await sign({ scope: undefined }, OURS))).rejects.toThrow('"scope"');
  });
});

describe("a grant by an identity provider's keys", () => {
  let rsa: Signer;
  let curve: Signer;
  let rsaPem = "";
  let keys: JWK[] = [];
  const closers: (() => void)[] = [];

  beforeAll(async () => {
    const first = await generateKeyPair("RS256", { extractable: true });
    const second = await generateKeyPair("EdDSA", { extractable: true });
    rsa = { alg: "RS256", kid: "one", key: first.privateKey };
    curve = { alg: "EdDSA", kid: "two", key: second.privateKey };
    rsaPem = await exportSPKI(first.publicKey);
    keys = [
      { ...(await exportJWK(first.publicKey)), kid: "one", alg: "RS256" },
      { ...(await exportJWK(second.publicKey)), kid: "two" },
    ];
  });

  afterEach(() => {
    vi.useRealTimers();
    for (const close of closers.splice(0)) close();
  });

  /** A provider on a socket of its own, whose keys and health change. */
  async function provider() {
    const state = { keys: keys.slice(0, 1), status: 200, asked: 0, padding: "", location: "" };
    const server = createServer((_, response) => {
      state.asked += 1;
      const { status, location, padding } = state;
      response.writeHead(status, { "content-type": "application/json", location });
      response.end(JSON.stringify({ keys: state.keys, padding }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const url = `http://127.0.0.1:${port}/jwks.json`;
    return { state, url, verify: createGrantVerifier({ ...RULES, jwksUrl: url }) };
  }

  const claims = { aud: AUDIENCE };
  const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

  it("counts, and its keys are asked for once", async () => {
    const { state, verify } = await provider();
    for (let count = 0; count < 3; count += 1) {
      expect(await verify(await sign({ ...claims, prefix: "a/" }, rsa))).toMatchObject({
        prefix: "a/",
      });
    }
    expect(state.asked).toBe(1);
  });

  it("cannot be judged by keys of elsewhere, or by a document without end", async () => {
    const other = await provider();
    const { state, verify } = await provider();
    Object.assign(state, { status: 302, location: other.url });
    await expect(verify(await sign(claims, rsa))).rejects.toMatchObject(unreachable);
    expect(other.state.asked).toBe(0);
    other.state.padding = " ".repeat(2 * 1024 * 1024);
    await expect(other.verify(await sign(claims, rsa))).rejects.toMatchObject(unreachable);
  });

  it("has to be for us: a provider signs for others as well", async () => {
    const { verify } = await provider();
    await expect(verify(await sign({}, rsa))).rejects.toThrow('lacks the claim "aud"');
    await expect(verify(await sign({ aud: "mail" }, rsa))).rejects.toMatchObject(unauthorized);
  });

  it("is not one that the server's secret, or a public key as a secret, has signed", async () => {
    const { verify } = await provider();
    const asSecret = { alg: "HS256", kid: "one", key: new TextEncoder().encode(rsaPem) };
    for (const signer of [OURS, { ...OURS, kid: "one" }, asSecret]) {
      await expect(verify(await sign(claims, signer))).rejects.toMatchObject(unauthorized);
    }
  });

  it("is not unsigned, nor signed by somebody else under a known key ID", async () => {
    const { verify } = await provider();
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const payload = part({ sub: "ada", scope: "admin", aud: AUDIENCE, exp: 4_000_000_000 });
    for (const alg of ["none", "None", "NONE", ""]) {
      const token = `${part({ alg, kid: "one" })}.${payload}.`;
      await expect(verify(token)).rejects.toMatchObject(unauthorized);
    }
    const { privateKey } = await generateKeyPair("RS256");
    const forged = await sign(claims, { ...rsa, key: privateKey });
    await expect(verify(forged)).rejects.toMatchObject(unauthorized);
  });

  it("of a key ID that nobody knows is refused, and asks the provider no more than every 30 s", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { state, verify } = await provider();
    await verify(await sign(claims, rsa));
    for (let count = 0; count < 5; count += 1) {
      await expect(verify(await sign(claims, curve))).rejects.toMatchObject(unauthorized);
    }
    expect(state.asked).toBe(1);
    state.keys = keys;
    pass(31_000);
    expect(await verify(await sign(claims, curve))).toMatchObject({ subject: "ada" });
    expect(state.asked).toBe(2);
  });

  it("cannot be judged while the provider was never reached, which is said", async () => {
    const { state, verify } = await provider();
    state.status = 503;
    const token = await sign(claims, rsa);
    await expect(verify(token)).rejects.toMatchObject(unreachable);
    await expect(verify(token)).rejects.toThrow("SLUICE_GRANT_JWKS_URL");
    expect(state.asked).toBe(1);
  });

  it("goes on by known keys for a day while the provider is silent, and asks it rarely", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { state, verify } = await provider();
    await verify(await sign(claims, rsa));
    state.status = 500;
    pass(11 * 60_000);
    for (let count = 0; count < 3; count += 1) {
      expect(await verify(await sign(claims, rsa))).toMatchObject({ subject: "ada" });
    }
    expect(state.asked).toBe(2);
    // It may be a new key of the provider's.
    await expect(verify(await sign(claims, curve))).rejects.toMatchObject(unreachable);
    pass(25 * 60 * 60_000);
    await expect(verify(await sign(claims, rsa))).rejects.toMatchObject(unreachable);
    state.status = 200;
    pass(31_000);
    expect(await verify(await sign(claims, rsa))).toMatchObject({ subject: "ada" });
  });

  it("ends with its key, ten minutes after the provider withdrew it", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { state, verify } = await provider();
    await verify(await sign(claims, rsa));
    state.keys = keys.slice(1);
    pass(11 * 60_000);
    await expect(verify(await sign(claims, rsa))).rejects.toMatchObject(unauthorized);
  });
});
