import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** The key pair of the bench's store. */
export const STORE_KEYS = {
  accessKeyId: "bench-access-key",
  secretAccessKey: "bench-secret-key-of-thirty-two-chars",
};

/** A built Sluice with its embedded store, as `npm start` runs it. */
export interface SluiceProcess {
  stop(): Promise<void>;
}

/** What a process is started with. */
export interface SluiceProcessOptions {
  readonly ports: { readonly api: number; readonly store: number };
  /** The store's data goes into a folder in here, and with the process. */
  readonly parentDir: string;
  readonly env: Readonly<Record<string, string>>;
  /** What to start it with, such as `nsenter` and its arguments. */
  readonly prefix: readonly string[];
  /** Resolves once the server can be asked whether it is ready. */
  readonly isReady: () => Promise<boolean>;
}

const PATIENCE_MS = 30_000;

/**
 * Starts the server and waits until it is ready.
 * @throws Error with what it printed where it ends first, or takes longer than half a minute
 */
export async function startSluiceProcess(options: SluiceProcessOptions): Promise<SluiceProcess> {
  const dir = mkdtempSync(join(options.parentDir, "store-"));
  const server = [process.execPath, "--max-semi-space-size=1", "dist/server/main.js"];
  const [command = "", ...args] = [...options.prefix, ...server];
  const child = spawn(command, args, {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      NODE_ENV: "production",
      LOG_LEVEL: "warn",
      PORT: String(options.ports.api),
      STORE_PORT: String(options.ports.store),
      STORE_DIR: dir,
      STORE_ACCESS_KEY_ID: STORE_KEYS.accessKeyId,
      STORE_SECRET_ACCESS_KEY: STORE_KEYS.secretAccessKey,
      ...options.env,
    },
  });
  let printed = "";
  const collect = (data: Buffer) => {
    printed = (printed + data.toString()).slice(-20_000);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await options.isReady())) {
    if (child.exitCode !== null) throw new Error(`The server ended at start:\n${printed}`);
    if (Date.now() > deadline) throw new Error(`The server is not ready:\n${printed}`);
    await delay(50);
  }
  return {
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
