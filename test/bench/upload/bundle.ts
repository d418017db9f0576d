import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Libraries that are installed for the bench alone, each in a folder of its own. */
const PEERS = ["uppy6", "uppy5", "amplify"] as const;

const ENTRIES = {
  sluice: join(HERE, "page/sluice.ts"),
  loop: join(HERE, "page/loop.ts"),
  ...Object.fromEntries(PEERS.map((name) => [name, join(HERE, name, "adapter.ts")])),
};

/**
 * Installs the peers where they are missing and bundles every contestant into `outDir`.
 * @throws Error where a peer cannot be installed
 */
export async function bundleContestants(outDir: string): Promise<void> {
  for (const name of PEERS) ensureInstalled(join(HERE, name));
  await build({
    configFile: false,
    root: HERE,
    base: "/bench/assets/",
    logLevel: "error",
    worker: { format: "es", rollupOptions: { output: { entryFileNames: "[name].js" } } },
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      assetsDir: ".",
      rollupOptions: {
        input: ENTRIES,
        output: { entryFileNames: "[name].js" },
      },
    },
  });
}

function ensureInstalled(dir: string): void {
  const lock = readFileSync(join(dir, "package-lock.json"));
  const hash = createHash("sha256").update(lock).digest("hex");
  const stamp = join(dir, "node_modules", ".installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  // They run in a browser: which Node they ask for is nothing to us.
  const args = ["ci", "--engine-strict=false", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", args, { cwd: dir, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new Error(`npm ci failed in ${dir}`);
  writeFileSync(stamp, hash);
}
