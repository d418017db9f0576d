import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("../../server/main.ts", import.meta.url));
const dirs: string[] = [];
const children: ChildProcess[] = [];

interface Started {
  readonly child: ChildProcess;
  /** All that was printed so far. */
  readonly printed: () => string;
  /** Resolves with what `pattern` caught, once it was printed. */
  readonly until: (pattern: RegExp) => Promise<string>;
  readonly exitCode: Promise<number | null>;
}

function freshDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "sluice-main-"));
  dirs.push(dir);
  return dir;
}

/** Starts the server from its sources, with nothing of this environment but what a program needs. */
function start(env: Record<string, string>): Started {
  const child = spawn(process.execPath, ["--import", "tsx", main], {
    env: { PATH: process.env["PATH"] ?? "", PORT: "0", STORE_PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let text = "";
  const waiting = new Set<() => void>();
  const collect = (data: Buffer) => {
    text += data.toString();
    for (const look of waiting) look();
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  const exitCode = once(child, "exit").then(([code]) => (typeof code === "number" ? code : null));
  const until = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(text);
        if (!found) return;
        waiting.delete(look);
        resolve(found[1] ?? "");
      };
      waiting.add(look);
      look();
      void exitCode.then(() => reject(new Error(`Ended without ${pattern}: ${text}`)));
    });
  return { child, printed: () => text, until, exitCode };
}

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

const URL_LINE = /Sluice {2}(http:\S+)/;

describe("the server", () => {
  it("starts with nothing configured, serves an upload, and keeps what it made", async () => {
    const dir = freshDir();
    const first = start({ STORE_DIR: dir });
    const url = await first.until(URL_LINE);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const opened = await fetch(`${url}/api/uploads`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ files: [{ name: "a.txt", sizeBytes: 5 }] }),
    });
    const { uploads } = JSON.parse(await opened.text());
    const [{ id, url: formUrl, fields, headers }] = uploads;
    const origin = url;
    const form = new FormData();
    for (const [name, value] of Object.entries<string>(fields)) form.append(name, value);
    form.append("file", new Blob(["hello"]));
    const sent = await fetch(formUrl, {
      method: "POST",
      headers: { ...headers, origin },
      body: form,
    });
    expect(sent.status).toBe(204);
    expect(sent.headers.get("access-control-allow-origin")).toBe(origin);
    first.child.kill("SIGTERM");
    expect(await first.exitCode).toBe(0);

    const second = start({ STORE_DIR: dir });
    const again = await second.until(URL_LINE);
    const completed = await fetch(`${again}/api/uploads/${id}/complete`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(JSON.parse(await completed.text())).toMatchObject({ key: "a.txt", sizeBytes: 5 });
    expect(second.printed()).not.toMatch(/X-Amz-Signature|eyJ/);
  });

  it("lets a request in flight end before it ends itself", async () => {
    const { child, until, exitCode } = start({ STORE_DIR: freshDir() });
    const { hostname, host, port } = new URL(await until(URL_LINE));
    const body = JSON.stringify({ files: [{ name: "a", sizeBytes: 1 }] });
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /api/uploads HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
    );
    // It says so once it has the request.
    expect(String((await once(socket, "data"))[0])).toMatch(/^HTTP\/1.1 100 /);
    child.kill("SIGTERM");
    await until(/"msg":"(ending)"/);
    socket.write(body);
    expect(String((await once(socket, "data"))[0])).toMatch(/^HTTP\/1.1 201 /);
    expect(await exitCode).toBe(0);
  });

  it("takes no client that goes away for a fault of its own", async () => {
    const { until, printed } = start({ STORE_DIR: freshDir() });
    const { hostname, host, port } = new URL(await until(URL_LINE));
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /api/uploads HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n` +
        'Transfer-Encoding: chunked\r\n\r\n5\r\n{"fil\r\n',
      () => setImmediate(() => socket.destroy()),
    );
    await until(/"route":"\/api\/uploads".*"msg":"(request)"/);
    expect(printed()).not.toMatch(/"level":(40|50)/);
  });

  it("names all faults of the configuration and does not start", async () => {
    const { exitCode, printed } = start({ PORT: "no", SLUICE_ADMIN_PASSWORD: "x" });
    expect(await exitCode).toBe(1);
    expect(printed()).toMatch(/2 fault\(s\):\n {2}PORT: .*\n {2}SLUICE_ADMIN_PASSWORD: /);
    expect(printed()).not.toMatch(/\n\s+at /);
  });

  it("says that its port is taken, and which variable changes it", async () => {
    const first = start({ STORE_DIR: freshDir() });
    const port = new URL(await first.until(URL_LINE)).port;
    const second = start({ STORE_DIR: freshDir(), PORT: port });
    expect(await second.exitCode).toBe(1);
    expect(second.printed()).toContain(`Port ${port} on 127.0.0.1 is taken`);
    const third = start({ STORE_DIR: freshDir(), STORE_PORT: port });
    expect(await third.exitCode).toBe(1);
    expect(third.printed()).toContain("set STORE_PORT");
  });

  it.each([
    ["is a file", "file", /file is no folder: set STORE_DIR/],
    ["cannot be made", "file/below", /file\/below is no folder: set STORE_DIR/],
    ["holds a damaged secret", "damaged", /sluice-secret holds no secret; remove it/],
  ])("says what to do where STORE_DIR %s, without a stack", async (_, name, said) => {
    const dir = freshDir();
    writeFileSync(join(dir, "file"), "");
    mkdirSync(join(dir, "damaged"));
    writeFileSync(join(dir, "damaged", "sluice-secret"), "short\n");
    const { exitCode, printed } = start({ STORE_DIR: join(dir, name) });
    expect(await exitCode).toBe(1);
    expect(printed()).toMatch(said);
    expect(printed()).not.toMatch(/\n\s+at /);
  });

  it("says that the storage needs credentials, without a stack", async () => {
    const { exitCode, printed } = start({
      STORE_DIR: freshDir(),
      S3_BUCKET: "bucket",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
      AWS_CONFIG_FILE: "/nowhere",
    });
    expect(await exitCode).toBe(1);
    expect(printed()).toContain("Set AWS_ACCESS_KEY_ID");
    expect(printed()).not.toMatch(/\n\s+at /);
  });

  it("lets the page in from whatever loopback address it is served on", async () => {
    const { until } = start({ STORE_DIR: freshDir(), HOST: "127.0.0.2" });
    const origin = await until(URL_LINE);
    const store = await until(/Store {3}(http:\S+)/);
    const preflight = await fetch(`${store}/sluice/a`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "PUT" },
    });
    expect(preflight.headers.get("access-control-allow-origin")).toBe(origin);
  });

  it("starts although the storage cannot be reached, and says that it is not ready", async () => {
    const { until } = start({
      STORE_DIR: freshDir(),
      S3_BUCKET: "bucket",
      S3_ENDPOINT: "http://127.0.0.1:1",
      AWS_ACCESS_KEY_ID: "id",
      AWS_SECRET_ACCESS_KEY: "secret",
    });
    const url = await until(URL_LINE);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(502);
    expect(JSON.parse(await ready.text()).code).toBe("storage-unreachable");
  });

  it("answers nobody without a grant beyond loopback", async () => {
    const { until } = start({
      STORE_DIR: freshDir(),
      HOST: "0.0.0.0",
      SLUICE_SECRET: "0123456789abcdef0123456789abcdef",
      S3_PUBLIC_ENDPOINTS: "http://127.0.0.1:9",
    });
    const url = (await until(URL_LINE)).replace("0.0.0.0", "127.0.0.1");
    expect((await fetch(`${url}/api/config`)).status).toBe(401);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});
