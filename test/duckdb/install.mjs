import { fileURLToPath } from "node:url";
import { ensureInstalledIn, isInstalledIn } from "../../server/launch/install.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Whether DuckDB is there in the locked version. */
export function isDuckDbInstalled() {
  return isInstalledIn(HERE);
}

/**
 * Installs DuckDB beside this file where it is missing: only the bench and the oracle want it, and nobody else
 * should have to download it.
 * @throws Error where it cannot be installed
 */
export function ensureDuckDb() {
  ensureInstalledIn(HERE, ["--engine-strict=false"]);
}
