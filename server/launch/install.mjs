import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The project's folder, with a trailing slash. */
export const projectDir = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Installs the locked packages when they are missing or the lockfile has changed since.
 * Plain JavaScript without a dependency: it runs before anything is installed.
 */
export async function ensureInstalled() {
  requireNode(20, 19);
  const lockHash = createHash("sha256")
    .update(readFileSync(`${projectDir}package-lock.json`))
    .digest("hex");
  const stamp = `${projectDir}node_modules/.sluice-lockfile`;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lockHash) return;
  console.log("Installing packages (npm ci) …");
  // Development packages build the app, also where NODE_ENV says production.
  await run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
  writeFileSync(stamp, lockHash);
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
