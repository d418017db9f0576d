/** The store as a program of its own: `npm run store`. */
import { join, resolve } from "node:path";
import { pino } from "pino";
import { CREDENTIALS_FILE } from "./credentials.ts";
import { startQueryThreads } from "../select/index.ts";
import { startStore, storeCredentials, type StoreEvent } from "./index.ts";
import { readStoreSettings, type StoreSettings } from "./settings.ts";

const log = pino({ base: null, level: process.env["LOG_LEVEL"] || "info" });

function record(event: StoreEvent): void {
  if (event.kind === "fault") log.error({ err: event.error, during: event.during }, "fault");
  else if (event.kind !== "request") log.info(event, event.kind);
  else if (event.code !== "InternalError") log.debug(event, "request");
  else {
    const { cause, ...request } = event;
    log.error({ err: cause, ...request }, "request failed");
  }
}

function announce(settings: StoreSettings, endpoint: string): void {
  const areGiven = Boolean(process.env["STORE_ACCESS_KEY_ID"]);
  const keys = areGiven
    ? "STORE_ACCESS_KEY_ID and STORE_SECRET_ACCESS_KEY, as set"
    : join(resolve(settings.dir), CREDENTIALS_FILE);
  process.stdout.write(
    `The store listens at ${endpoint}\n` +
      `  data  ${resolve(settings.dir)}\n` +
      `  keys  ${keys}\n\n` +
      `With these keys as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY:\n` +
      `  aws --endpoint-url ${endpoint} --region us-east-1 s3 ls\n`,
  );
}

function closeOnSignal(close: () => Promise<void>): void {
  const onSignal = (): void => {
    // A second signal ends the process at once, as is the default.
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    void close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error(error, "the store did not close cleanly");
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
}

async function run(): Promise<void> {
  try {
    process.loadEnvFile();
  } catch {
    // There need not be one.
  }
  const { settings, faults } = readStoreSettings(process.env);
  if (!settings) {
    const lines = faults.map(({ variable, remedy }) => `  ${variable}: ${remedy}\n`);
    process.stderr.write(`The store cannot start:\n${lines.join("")}`);
    process.exitCode = 1;
    return;
  }
  const credentials = await storeCredentials(settings.dir, process.env);
  const { select } = startQueryThreads();
  const store = await startStore({ ...settings, credentials, select, log: record });
  closeOnSignal(store.close);
  announce(settings, store.endpoint);
}

run().catch((error: unknown) => {
  process.stderr.write(`The store cannot start: ${describe(error)}\n`);
  process.exitCode = 1;
});

function describe(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return "STORE_PORT is taken by another program";
  if (code === "EACCES") return "STORE_PORT or STORE_DIR may not be used by this user";
  return error instanceof Error ? error.message : String(error);
}
