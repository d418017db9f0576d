import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CREDENTIALS_FILE } from "../../server/store/credentials.ts";

const MAIN = fileURLToPath(new URL("../../server/store/main.ts", import.meta.url));
let dir = "";
let child: ChildProcess | undefined;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "sluice-store-main-"));
});
afterEach(async () => {
  child?.kill("SIGKILL");
  await rm(dir, { recursive: true, force: true });
});

interface Program {
  readonly output: () => string;
  readonly until: (text: string) => Promise<void>;
  readonly exited: Promise<number | null>;
}

function startProgram(env: Record<string, string>): Program {
  const started = spawn(process.execPath, ["--import", "tsx", MAIN], {
    env: { PATH: process.env["PATH"] ?? "", STORE_DIR: join(dir, "data"), STORE_PORT: "0", ...env },
  });
  child = started;
  let output = "";
  const receive = (text: Buffer): void => void (output += text.toString());
  started.stdout.on("data", receive);
  started.stderr.on("data", receive);
  const exited = once(started, "exit").then(([code]: (number | null)[]) => code ?? null);
  return {
    output: () => output,
    exited,
    async until(text) {
      while (!output.includes(text)) {
        await Promise.race([once(started.stdout, "data"), exited]);
        if (started.exitCode !== null) throw new Error(`It ended after:\n${output}`);
      }
    },
  };
}

test("says where it listens and where the keys are, and ends on SIGTERM", async () => {
  const program = startProgram({});
  await program.until("s3 ls");
  const path = join(dir, "data", CREDENTIALS_FILE);
  expect(program.output()).toContain(path);
  const { secretAccessKey } = JSON.parse(await readFile(path, "utf8"));
  expect(program.output()).not.toContain(secretAccessKey);
  const endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(program.output())?.[0] ?? "";
  expect((await fetch(endpoint)).status).toBe(403);
  child?.kill("SIGTERM");
  expect(await program.exited).toBe(0);
});

test("names every fault of its configuration at once and ends", async () => {
  const program = startProgram({ STORE_PORT: "x", HOST: "a b", STORE_ACCESS_KEY_ID: "KEY" });
  expect(await program.exited).toBe(1);
  for (const name of ["STORE_PORT", "HOST", "STORE_SECRET_ACCESS_KEY"]) {
    expect(program.output()).toContain(name);
  }
});
