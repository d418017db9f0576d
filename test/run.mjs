// `npm test` and its parts: installs what is missing, runs them, sums them up.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuilt } from "../server/launch/build.mjs";
import { ensureInstalled, run } from "../server/launch/install.mjs";
import { ensureBrowser } from "./browser.mjs";
import { ensureDuckDb } from "./duckdb/install.mjs";

const reports = mkdtempSync(join(tmpdir(), "sluice-test-"));
const totals = { passed: 0, failed: 0, skipped: 0 };

const checks = [
  ["tsc", ["--noEmit"]],
  ["tsc", ["-p", "server/tsconfig.json", "--noEmit", "--incremental", "false"]],
  ["svelte-check", ["--tsconfig", "tsconfig.json", "--fail-on-warnings"]],
  ["oxlint", ["--deny-warnings"]],
  ["prettier", ["--check", "--log-level", "warn", "."]],
  ["depcruise", ["--config", ".dependency-cruiser.cjs", "server", "shared", "web"]],
  ["knip", []],
];

const parts = {
  async check() {
    const failures = [];
    for (const [command, args] of checks) {
      console.log(`\n— ${[command, ...args].join(" ")}`);
      await counted(() => run(command, args)).catch((error) => failures.push(error.message));
    }
    if (failures.length > 0) throw new Error(failures.join("; "));
  },
  unit: () => vitest("unit"),
  async integration() {
    try {
      ensureDuckDb();
    } catch (error) {
      // In CI it has to be there; whoever works without a network sees the oracle skipped.
      if (process.env.CI) throw error;
      console.warn(`Queries are not held against DuckDB: ${error.message}`);
    }
    await vitest("integration");
  },
  e2e: () => e2e(),
  async s3() {
    if (!process.env.S3_ENDPOINT) {
      throw new Error(
        "npm run test:s3 runs the integration suite against the server named by S3_ENDPOINT " +
          "(with S3_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY); S3_ENDPOINT is not set.",
      );
    }
    await vitest("integration", ["test/conformance", "test/server"]);
    await e2e(["real-s3"]);
  },
};

async function vitest(project, paths = []) {
  const report = join(reports, `${project}.json`);
  const args = ["run", "--project", project, "--reporter=default", "--reporter=json"];
  try {
    await run("vitest", [...args, `--outputFile.json=${report}`, ...paths]);
  } finally {
    const result = readReport(report);
    totals.passed += result.numPassedTests ?? 0;
    totals.failed += result.numFailedTests ?? 0;
    totals.skipped += result.numPendingTests ?? 0;
  }
}

async function e2e(files = process.argv.slice(3)) {
  await ensureBuilt();
  const browser = await ensureBrowser();
  const report = join(reports, "e2e.json");
  try {
    await run("playwright", ["test", "--config", "test/e2e/playwright.config.ts", ...files], {
      SLUICE_CHROMIUM: browser,
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
      // Our engines field says which Node we support; the SDK's word on its own is noise here.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    });
  } finally {
    const { stats = {} } = readReport(report);
    totals.passed += (stats.expected ?? 0) + (stats.flaky ?? 0);
    totals.failed += stats.unexpected ?? 0;
    totals.skipped += stats.skipped ?? 0;
  }
}

async function counted(step) {
  try {
    await step();
    totals.passed += 1;
  } catch (error) {
    totals.failed += 1;
    throw error;
  }
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return {};
  }
}

const asked = process.argv[2];
if (asked !== undefined && !Object.hasOwn(parts, asked)) {
  console.error(`Unknown part "${asked}"; there are: ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}

ensureInstalled();
let failure;
// Every part runs, so that one look shows all that is wrong.
for (const name of asked ? [asked] : ["check", "unit", "integration", "e2e"]) {
  try {
    await parts[name]();
  } catch (error) {
    console.error(`\n✗ ${name}: ${error.message}`);
    failure = error;
  }
}
rmSync(reports, { recursive: true, force: true });
console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(failure ? 1 : 0);
