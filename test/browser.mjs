import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { run } from "../server/launch/install.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const MAC_APPS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * Finds a Chromium, or installs one: an installed one first, then Debian's package, then Playwright's.
 * @returns {Promise<string>} its path; empty where Playwright knows the place of its own
 */
export async function ensureBrowser() {
  const given = process.env.SLUICE_CHROMIUM;
  if (given !== undefined) return given;
  const found = installed();
  if (found) return found;
  if (await installDebian()) return installed() ?? "";
  console.log("Installing a browser (Playwright's Chromium) …");
  await run("playwright", ["install", "chromium"]);
  return "";
}

function installed() {
  for (const name of NAMES) {
    const which = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" });
    if (which.status === 0) return which.stdout.trim();
  }
  return MAC_APPS.find((path) => existsSync(path));
}

async function installDebian() {
  if (spawnSync("sh", ["-c", "command -v apt-get"]).status !== 0) return false;
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  if (asRoot.length > 0 && spawnSync("sudo", ["-n", "true"]).status !== 0) return false;
  console.log("Installing a browser (Debian's chromium) …");
  const apt = (...args) => {
    const [command, ...rest] = [...asRoot, "apt-get", ...args];
    return run(command, rest, { DEBIAN_FRONTEND: "noninteractive" });
  };
  try {
    await apt("update", "-qq");
    await apt("install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation");
    return true;
  } catch (error) {
    console.warn(`Debian's chromium could not be installed: ${error.message}`);
    return false;
  }
}
