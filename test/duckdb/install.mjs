import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const STAMP = `${HERE}node_modules/.installed`;

/** Whether DuckDB is there in the locked version. */
export function isDuckDbInstalled() {
  return existsSync(STAMP) && readFileSync(STAMP, "utf8") === lockHash();
}

/**
 * Installs DuckDB beside this file where it is missing: only the bench and the oracle want it, and nobody else
 * should have to download it.
 * @throws Error where it cannot be installed
 */
export function ensureDuckDb() {
  if (isDuckDbInstalled()) return;
  console.log("Installing DuckDB, which Select is held against …");
  const args = ["ci", "--engine-strict=false", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", args, { cwd: HERE, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new Error(`npm ci failed in ${HERE}`);
  writeFileSync(STAMP, lockHash());
}

function lockHash() {
  return createHash("sha256")
    .update(readFileSync(`${HERE}package-lock.json`))
    .digest("hex");
}
