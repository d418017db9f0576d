import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deriveKey, loadOrCreateSecret } from "../../../server/auth/index.ts";

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "sluice-secret-"));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

describe("loadOrCreateSecret", () => {
  it("makes a secret once, readable for its owner alone, and leaves no draft", async () => {
    const data = join(dir, "data");
    const made = await loadOrCreateSecret(data);
    expect(made).toMatch(/^[0-9a-f]{64}$/);
    expect(await loadOrCreateSecret(data)).toBe(made);
    expect(await readdir(data)).toEqual(["sluice-secret"]);
    expect((await stat(join(data, "sluice-secret"))).mode & 0o777).toBe(0o600);
  });

  it("agrees on one secret where several servers start at once", async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateSecret(dir)));
    expect(new Set(made).size).toBe(1);
  });

  it("says which file to remove where it holds no secret", async () => {
    await writeFile(join(dir, "sluice-secret"), "\n");
    await expect(loadOrCreateSecret(dir)).rejects.toThrow(/sluice-secret holds no secret/);
  });
});

describe("deriveKey", () => {
  it("gives each purpose a key of its own", () => {
    expect(deriveKey("s", "upload id")).toHaveLength(32);
    expect(deriveKey("s", "upload id")).not.toEqual(deriveKey("s", "session"));
    expect(deriveKey("s", "upload id")).not.toEqual(deriveKey("t", "upload id"));
  });
});
