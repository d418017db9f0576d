// `npm run build:kernel`: turns what is in server/select/kernel/assembly into modules that are kept beside it: who runs
// Sluice needs no compiler, and a test holds the two against each other (`--check`).
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalledIn } from "../../server/launch/install.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const KERNEL = fileURLToPath(new URL("../../server/select/kernel", import.meta.url));

const FLAGS = ["-O3", "--noAssert", "--runtime=stub", "--importMemory", "--initialMemory=1"];

const MODULES = [
  {
    source: "index.ts",
    module: "kernel.wasm.ts",
    name: "KERNEL_BASE64",
    // What threads share has to say how far it may grow, in pages of 64 KiB.
    flags: ["--sharedMemory", "--maximumMemory=1024", "--enable=simd,threads,bulk-memory"],
  },
  {
    source: "snappy.ts",
    module: "snappy.wasm.ts",
    name: "SNAPPY_BASE64",
    // Bytes are copied out of shared memory at half the speed.
    flags: ["--enable=simd,bulk-memory"],
  },
];

/** The text of a module that holds what was compiled. @throws Error where the compiler refuses */
function compiled({ source, name, flags }) {
  const folder = mkdtempSync(join(tmpdir(), "sluice-kernel-"));
  try {
    const out = join(folder, "kernel.wasm");
    const asc = join(HERE, "node_modules/assemblyscript/bin/asc.js");
    run(
      process.execPath,
      [asc, `assembly/${source}`, ...FLAGS, ...flags, "--outFile", out],
      KERNEL,
    );
    return moduleOf(name, readFileSync(out));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function moduleOf(name, bytes) {
  const lines = bytes.toString("base64").match(/.{1,114}/gu) ?? [];
  const text = lines.map((line) => `  "${line}",\n`).join("");
  return `/** What \`assembly/\` compiles to, as base64; made by \`npm run build:kernel\`. */\nexport const ${name} = [\n${text}].join("");\n`;
}

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, {
    cwd,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status}`);
}

ensureInstalledIn(HERE);
for (const each of MODULES) {
  const path = join(KERNEL, each.module);
  const made = compiled(each);
  if (!process.argv.includes("--check")) writeFileSync(path, made);
  else if (readFileSync(path, "utf8") !== made) {
    console.error(`${each.module} is not what assembly/ compiles to: npm run build:kernel`);
    process.exitCode = 1;
  }
}
