import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const COMPILER = "./compile.mjs";

test("the kernel's bytes are what its source compiles to", { timeout: 300_000 }, async () => {
  const compiler = fileURLToPath(new URL(COMPILER, import.meta.url));
  const { stderr } = await promisify(execFile)(process.execPath, [compiler, "--check"]);
  expect(stderr).toBe("");
});
