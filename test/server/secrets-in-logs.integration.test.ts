import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServer, type ServerProcess } from "./server-process.ts";

const SECRET = "secret-0123456789abcdef0123456789";
const PASSWORD = "correct horse battery";

let server: ServerProcess;

beforeAll(async () => {
  server = await startServer({
    LOG_LEVEL: "trace",
    SLUICE_SECRET: SECRET,
    SLUICE_ADMIN_PASSWORD: PASSWORD,
  });
});

afterAll(() => server.end());

describe("the log of a server in which everything happens", () => {
  it("holds no password, cookie, grant, upload ID, signed URL or key", async () => {
    const { url } = server;
    const ask = (method: string, path: string, headers: Record<string, string>, body?: object) =>
      fetch(url + path, {
        method,
        headers: { origin: url, ...(body && { "content-type": "application/json" }), ...headers },
        ...(body && { body: JSON.stringify(body) }),
      });
    const wrong = await ask("POST", "/api/session", {}, { password: "not the password" });
    expect(wrong.status).toBe(401);
    const signedIn = await ask("POST", "/api/session", {}, { password: PASSWORD });
    const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
    expect(signedIn.status).toBe(204);
    const grant = await new SignJWT({ sub: "ada", scope: "upload download query" })
      .setProtectedHeader({ alg: "HS256" })
      .setExpirationTime("1h")
      .sign(new TextEncoder().encode(SECRET));
    const authorization = `Bearer ${grant}`;
    const file = { name: "very-hidden.bin", sizeBytes: 20 * 1024 * 1024 };
    const opened = await ask("POST", "/api/uploads", { authorization }, { files: [file] });
    const { uploads } = JSON.parse(await opened.text());
    const [{ id, key, parts }] = uploads;
    expect((await ask("GET", `/api/uploads/${id}/parts`, { cookie })).status).toBe(200);
    expect((await ask("POST", `/api/uploads/${id}/complete`, { authorization }, {})).status).toBe(
      409,
    );
    expect((await ask("GET", "/api/config", { authorization: `${authorization}x` })).status).toBe(
      401,
    );
    expect((await ask("GET", `/api/config?password=${grant}`, { cookie })).status).toBe(200);
    expect((await ask("GET", `/api/nothing/${id}`, { cookie })).status).toBe(404);
    expect((await ask("POST", "/api/downloads", { cookie }, { key: "very-hidden" })).status).toBe(
      404,
    );
    const sent = await fetch(parts[0].url, { method: "PUT", body: "x", headers: { cookie } });
    expect(sent.status).toBe(200);
    const altered = `${parts[0].url}0`;
    expect((await fetch(altered, { method: "PUT", body: "x" })).status).toBe(403);
    expect((await ask("DELETE", `/api/uploads/${id}`, { authorization })).status).toBe(204);
    expect((await ask("DELETE", "/api/session", { cookie })).status).toBe(204);

    const log = await server.log();
    expect(log).toContain('"route":"/api/uploads/:id/complete","status":409');
    const token = cookie.replace("sluice_session=", "");
    const signature = new URL(parts[0].url).searchParams.get("X-Amz-Signature") ?? "";
    const uploadId = new URL(parts[0].url).searchParams.get("uploadId") ?? "";
    const secrets = { PASSWORD, SECRET, grant, token, id, key, signature, uploadId };
    for (const [name, secret] of Object.entries({ ...secrets, wrong: "not the password" })) {
      expect(secret.length, name).toBeGreaterThan(10);
      expect(log.includes(secret), `${name} is in the log`).toBe(false);
    }
    // What is signed in a token is a secret as well.
    for (const part of [...grant.split("."), ...token.split("."), ...id.split(".")]) {
      if (part.length > 20) expect(log).not.toContain(part);
    }
  });
});
