import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CREDENTIALS_FILE, storeCredentials } from "../../server/store/credentials.ts";
import { readStoreSettings } from "../../server/store/settings.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "sluice-credentials-"));
});
afterEach(() => rm(dir, { recursive: true }));

test("are made once, for everyone who starts, and only their owner may read them", async () => {
  const starts = await Promise.all(Array.from({ length: 5 }, () => storeCredentials(dir, {})));
  const again = await storeCredentials(dir, { STORE_ACCESS_KEY_ID: "" });
  expect(new Set([...starts, again].map((keys) => JSON.stringify(keys))).size).toBe(1);
  const path = join(dir, CREDENTIALS_FILE);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual(again);
});

test("of the environment count, and are not written down", async () => {
  const env = { STORE_ACCESS_KEY_ID: "KEY", STORE_SECRET_ACCESS_KEY: "secret-secret" };
  expect(await storeCredentials(dir, env)).toEqual({
    accessKeyId: "KEY",
    secretAccessKey: "secret-secret",
  });
  await expect(stat(join(dir, CREDENTIALS_FILE))).rejects.toThrow();
});

test("that are half set, or kept in a file that is none, are named", async () => {
  await expect(storeCredentials(dir, { STORE_ACCESS_KEY_ID: "KEY" })).rejects.toThrow(
    "STORE_SECRET_ACCESS_KEY",
  );
  await writeFile(join(dir, CREDENTIALS_FILE), "{}");
  await expect(storeCredentials(dir, {})).rejects.toThrow(CREDENTIALS_FILE);
});

test("settings have defaults, and all faults are named at once", () => {
  expect(readStoreSettings({}).settings).toEqual({
    host: "127.0.0.1",
    port: 9000,
    dir: "./data",
  });
  const { faults } = readStoreSettings({
    STORE_PORT: "99999",
    HOST: "http://x",
    STORE_SECRET_ACCESS_KEY: "secret-secret",
  });
  expect(faults.map(({ variable }) => variable)).toEqual([
    "STORE_PORT",
    "HOST",
    "STORE_ACCESS_KEY_ID",
  ]);
});
