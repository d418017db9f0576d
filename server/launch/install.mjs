import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder, with a trailing slash. */
export const projectDir = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Installs the locked packages when they are missing or the lockfile has changed since.
 * Plain JavaScript without a dependency: it runs before anything is installed.
 */
export function ensureInstalled() {
  requireNode(20, 19);
  // Development packages build the app, also where NODE_ENV says production.
  ensureInstalledIn(projectDir, ["--include=dev"]);
}

/**
 * Installs what a lockfile in `dir` names, where it is missing or another.
 * @param {string} dir
 * @param {readonly string[]} [flags]
 * @throws Error where it cannot be installed
 */
export function ensureInstalledIn(dir, flags = []) {
  if (isInstalledIn(dir)) return;
  console.log(`Installing packages in ${dir} (npm ci) …`);
  const args = ["ci", ...flags, "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", args, { cwd: dir, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new Error(`npm ci failed in ${dir}`);
  writeFileSync(stampOf(dir), lockHashOf(dir));
}

/**
 * Whether everything that the lockfile in `dir` names is there.
 * @param {string} dir
 */
export function isInstalledIn(dir) {
  const stamp = stampOf(dir);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === lockHashOf(dir);
}

/** @param {string} dir */
function stampOf(dir) {
  return join(dir, "node_modules", ".sluice-lockfile");
}

/** @param {string} dir */
function lockHashOf(dir) {
  const lock = readFileSync(join(dir, "package-lock.json"));
  return createHash("sha256").update(lock).digest("hex");
}

/**
 * Runs a program of the project to its end and shows what it prints.
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env] added to our own environment
 * @throws Error where it ends with another status than 0
 */
export function run(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: projectDir,
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        PATH: `${projectDir}node_modules/.bin:${process.env.PATH ?? ""}`,
        ...env,
      },
    });
    child.once("error", reject);
    child.once("exit", (status, signal) =>
      status === 0
        ? resolve(undefined)
        : reject(new Error(`${command} ${args.join(" ")} ended with ${signal ?? status}`)),
    );
  });
}

function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split(".").map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  console.error(`Sluice needs Node ${major}.${minor} or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
