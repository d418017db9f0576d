import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureInstalled, projectDir, run } from "./install.mjs";

const SOURCES = ["web", "server", "shared", "vite.config.ts", "package-lock.json", "tsconfig.json"];
const STAMP = `${projectDir}dist/.built`;

/** Builds the app and the server into `dist/` when a source is newer than the last build. */
export async function ensureBuilt() {
  if (existsSync(STAMP) && newest(SOURCES) < statSync(STAMP).mtimeMs) return;
  await build();
}

/**
 * Builds beside the present `dist/` and swaps it in at the end,
 * so that a failed build leaves the old one to serve.
 */
async function build() {
  const startedAt = new Date();
  console.log("Building …");
  const next = `${projectDir}dist.next`;
  rmSync(next, { recursive: true, force: true });
  await Promise.all([
    run("vite", ["build", "--outDir", `${next}/web`, "--emptyOutDir", "--logLevel", "warn"]),
    run("tsc", ["-p", "server/tsconfig.json", "--outDir", next, "--incremental", "false"]),
  ]);
  writeFileSync(`${next}/.built`, "");
  rmSync(`${projectDir}dist`, { recursive: true, force: true });
  renameSync(next, `${projectDir}dist`);
  const seconds = (Date.now() - startedAt.getTime()) / 1000;
  console.log(`Built in ${seconds.toFixed(1)} s`);
}

/** Newest change under the paths, in milliseconds since 1970; a folder's own time tells of deletions. */
function newest(paths) {
  let latest = 0;
  const visit = (path) => {
    const found = statSync(path);
    latest = Math.max(latest, found.mtimeMs);
    if (found.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
  };
  for (const path of paths) visit(join(projectDir, path));
  return latest;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  ensureInstalled();
  await build();
}
