import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startStore, storeCredentials } from "../../../server/store/index.ts";
import { CheckupResponse } from "../../../shared/admin-api.ts";
import { freePort } from "../../fixtures/free-port.ts";

const main = fileURLToPath(new URL("../../../server/checkup/main.ts", import.meta.url));

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "sluice-checkup-"));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

/** Runs the check-up with nothing of this environment but what a program needs. */
async function runCheckup(env: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, ["--import", "tsx", main, ...args], {
    env: { PATH: process.env["PATH"] ?? "", STORE_DIR: dir, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  let complained = "";
  child.stdout.on("data", (data: Buffer) => void (printed += data.toString()));
  child.stderr.on("data", (data: Buffer) => void (complained += data.toString()));
  const [status] = await once(child, "close");
  return { status, printed, complained };
}

const LONG = { timeout: 180_000 };

describe("npm run checkup", LONG, () => {
  it("starts the embedded store where none runs, and ends with 0", async () => {
    const port = String(await freePort());
    const { status, printed, complained } = await runCheckup({ STORE_PORT: port });
    expect({ status, complained }).toEqual({ status: 0, complained: "" });
    expect(printed).toMatch(/^Check-up of the bucket "sluice"\n/);
    expect(printed).toMatch(/ 0 failed, /);
  });

  it("asks the store that runs, prints JSON, and ends with 1 where something failed", async () => {
    const credentials = await storeCredentials(dir, {});
    // It holds the data, and has no bucket yet.
    const store = await startStore({ dir, host: "127.0.0.1", port: 0, credentials });
    try {
      const env = { STORE_PORT: String(store.port) };
      const { status, printed } = await runCheckup(env, "--json");
      const { checks } = CheckupResponse.parse(JSON.parse(printed));
      const failed = checks.filter((check) => check.status === "fail");
      expect(failed.map(({ id }) => id)).toEqual(["bucket"]);
      expect(failed[0]?.detail).toContain("NoSuchBucket");
      expect(status).toBe(1);
    } finally {
      await store.close();
    }
  });

  it("ends with 1 where the storage is away, and with 2 where it cannot be run", async () => {
    const away = {
      S3_BUCKET: "films",
      S3_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
      AWS_ACCESS_KEY_ID: "id",
      AWS_SECRET_ACCESS_KEY: "secret",
    };
    const unreached = await runCheckup(away);
    expect(unreached.status).toBe(1);
    expect(unreached.printed).toContain("ECONNREFUSED");
    const misconfigured = await runCheckup({ PORT: "none" });
    expect(misconfigured).toMatchObject({ status: 2, printed: "" });
    expect(misconfigured.complained).toContain("PORT");
    expect((await runCheckup({}, "--yaml")).status).toBe(2);
  });
});
