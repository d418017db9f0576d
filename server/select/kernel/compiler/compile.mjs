// `npm run build:kernel`: turns ../assembly into ../kernel.wasm.ts, which is kept beside it: who runs Sluice needs no
// compiler, and a test holds the two against each other (`--check`).
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const MODULE = join(HERE, "../kernel.wasm.ts");

const FLAGS = [
  "-O3",
  "--noAssert",
  "--runtime=stub",
  "--importMemory",
  "--sharedMemory",
  "--initialMemory=1",
  // What threads share has to say how far it may grow, in pages of 64 KiB.
  "--maximumMemory=1024",
  "--enable=simd,threads,bulk-memory",
];

/** The text of the module that holds the kernel. @throws Error where the compiler cannot be had, or refuses */
function compileKernel() {
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  const folder = mkdtempSync(join(tmpdir(), "sluice-kernel-"));
  try {
    const out = join(folder, "kernel.wasm");
    const asc = join(HERE, "node_modules/assemblyscript/bin/asc.js");
    run(process.execPath, [asc, "../assembly/index.ts", ...FLAGS, "--outFile", out]);
    return moduleOf(readFileSync(out));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function moduleOf(bytes) {
  const lines = bytes.toString("base64").match(/.{1,96}/gu) ?? [];
  const text = lines.map((line) => `  "${line}",\n`).join("");
  return `/** What \`assembly/\` compiles to, as base64; made by \`npm run build:kernel\`. */\nexport const KERNEL_BASE64 = [\n${text}].join("");\n`;
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: HERE, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status}`);
}

const made = compileKernel();
if (process.argv.includes("--check")) {
  if (readFileSync(MODULE, "utf8") !== made) {
    console.error("kernel.wasm.ts is not what assembly/ compiles to: npm run build:kernel");
    process.exitCode = 1;
  }
} else writeFileSync(MODULE, made);
