/** The check-up as a program of its own: `npm run checkup`. */
import { ConfigError, readConfig, type Config } from "../config.ts";
import { borrowEmbeddedStore } from "../embedded-store.ts";
import { uploadSites } from "../page-origins.ts";
import { prepareBucket, type StorageOptions } from "../s3/index.ts";
import { createCheckup } from "./checkup.ts";
import { reportOf } from "./report.ts";

/** Ends the process: all is well, something failed, nothing could be found out. */
const STATUS = { well: 0, failed: 1, notRun: 2 } as const;

const USAGE =
  "Usage: npm run checkup [-- --json]\n" +
  "Tries everything that uploads need of the bucket that the environment names.\n" +
  "Ends with 0 where nothing failed, 1 where something did, 2 where it could not be run.\n";

interface Opened {
  readonly storage: StorageOptions;
  readonly close: () => Promise<void>;
}

async function open(config: Config): Promise<Opened> {
  const { storage, publicEndpoints, accelerateEndpoints, equalParts } = config;
  const endpoints = { publicEndpoints, accelerateEndpoints };
  if (storage.kind === "s3") {
    return { storage: { ...storage, ...endpoints, equalParts }, close: async () => undefined };
  }
  const { options, isOurs, close } = await borrowEmbeddedStore(storage, process.env);
  const opened = { ...options, ...endpoints, equalParts: equalParts ?? false };
  // As the server does whenever it starts.
  if (isOurs) await prepareBucket(opened, uploadSites(config, config.port));
  return { storage: opened, close };
}

async function run(asJson: boolean): Promise<number> {
  const config = readConfig(process.env);
  const { storage, close } = await open(config);
  try {
    const sites = () => uploadSites(config, config.port);
    const found = await createCheckup({ storage, sites, now: () => new Date() }).run();
    process.stdout.write(asJson ? `${JSON.stringify(found)}\n` : reportOf(found, storage.bucket));
    const hasFailed = found.checks.some(({ status }) => status === "fail");
    return hasFailed ? STATUS.failed : STATUS.well;
  } finally {
    await close();
  }
}

function loadDotEnv(): void {
  try {
    process.loadEnvFile();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.filter((arg) => arg !== "--json");
  if (unknown.length > 0) {
    const isHelp = unknown.every((arg) => arg === "--help" || arg === "-h");
    process.stderr.write(isHelp ? USAGE : `Unknown: ${unknown.join(" ")}\n${USAGE}`);
    return isHelp ? STATUS.well : STATUS.notRun;
  }
  // Which Node runs is for whoever installs it; the SDK's version here is pinned.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  loadDotEnv();
  return run(args.includes("--json"));
}

/** The store's threads would keep the process; what a pipe has not taken yet is let through first. */
function end(status: number): void {
  process.stdout.write("", () => process.exit(status));
}

try {
  end(await main(process.argv.slice(2)));
} catch (error) {
  const isExpected = error instanceof ConfigError;
  const said = error instanceof Error ? error.message : String(error);
  process.stderr.write(isExpected ? `${said}\n` : `The check-up could not be run: ${said}\n`);
  end(STATUS.notRun);
}
