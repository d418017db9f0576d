import { createServer, type Server } from "node:http";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { pino, type Logger } from "pino";
import { ProblemError } from "../shared/problem.ts";
import { createApp } from "./app.ts";
import {
  createGrantVerifier,
  createMemoryRateLimiter,
  createSignIn,
  createUploadPlaces,
  deriveKey,
  loadOrCreateSecret,
  type AuthOptions,
} from "./auth/index.ts";
import { createAnswerCache } from "./cache/index.ts";
import { createCheckup, type Checkup } from "./checkup/index.ts";
import { ConfigError, readConfig, type Config, type StorageConfig } from "./config.ts";
import { EMBEDDED_BUCKET } from "./embedded-store.ts";
import { listen, stopServing } from "./listen.ts";
import { pageOrigins, uploadSites, urlHost } from "./page-origins.ts";
import { countProcess, createMetrics, type Metrics } from "./metrics/index.ts";
import { createUploadIds } from "./routes/index.ts";
import { isListenFault, StartError, toDataDirError, toListenError } from "./start-error.ts";
import { startQueryThreads, type QueryEngine } from "./select/index.ts";
import { logStoreEvent } from "./store-log.ts";
import { connectStorage, prepareBucket, type Storage, type StorageOptions } from "./s3/index.ts";

/** Requests in flight may end within this, in milliseconds. */
const SHUTDOWN_MS = 10_000;

/** Requests of each caller. */
const PACE = { perSecond: 100, burst: 1000 };

/** Where the storage is, and how it ends with us. */
interface OpenStorage {
  readonly options: StorageOptions;
  readonly close: () => Promise<void>;
}

async function openStorage(
  { storage, ...config }: Config,
  select: QueryEngine["select"],
  log: Logger,
): Promise<OpenStorage> {
  const { publicEndpoints, accelerateEndpoints, equalParts } = config;
  const endpoints = { publicEndpoints, accelerateEndpoints };
  if (storage.kind === "embedded") {
    return openEmbeddedStore(storage, endpoints, equalParts, select, log);
  }
  return { options: { ...storage, ...endpoints, equalParts }, close: async () => undefined };
}

async function openEmbeddedStore(
  { dir, host, port }: Extract<StorageConfig, { kind: "embedded" }>,
  endpoints: Pick<Config, "publicEndpoints" | "accelerateEndpoints">,
  equalParts: boolean | null,
  select: QueryEngine["select"],
  log: Logger,
): Promise<OpenStorage> {
  // Loaded where it is needed: with a bucket elsewhere its native catalogue has no part to play.
  const { startStore, storeCredentials } = await import("./store/index.ts");
  const credentials = await storeCredentials(dir, process.env).catch((error) => {
    throw toDataDirError(error, dir);
  });
  const { endpoint, close } = await startStore({
    dir,
    host,
    port,
    credentials,
    select,
    log: (event) => logStoreEvent(log, event),
  }).catch((error) => {
    if (isListenFault(error)) throw toListenError(error, { host, port, variable: "STORE_PORT" });
    throw toDataDirError(error, dir);
  });
  return {
    options: {
      kind: "embedded",
      bucket: EMBEDDED_BUCKET,
      endpoint,
      region: "us-east-1",
      forcePathStyle: true,
      credentials,
      ...endpoints,
      equalParts: equalParts ?? false,
    },
    close,
  };
}

function keptSecret(dataDir: string): Promise<string> {
  return loadOrCreateSecret(dataDir).catch((error) => {
    throw toDataDirError(error, dataDir);
  });
}

async function start(config: Config, log: Logger): Promise<void> {
  const secret = config.secret ?? (await keptSecret(config.dataDir));
  const queries = startQueryThreads();
  const opened = await openStorage(config, queries.select, log);
  const metrics = createMetrics();
  countProcess(metrics);
  const storage = await connectStorage({ ...opened.options, observe: metrics.called });
  const ending = { hasBegun: false };
  let { port } = config;
  const sites = () => uploadSites(config, port);
  const checkup = createCheckup({ storage: opened.options, sites, now: () => new Date() });
  const app = assemble(
    config,
    secret,
    storage,
    sites,
    checkup,
    queries,
    metrics,
    log,
    () => ending.hasBegun,
  );
  const server = createServer(getRequestListener(app.fetch));
  try {
    port = await listen(server, config.host, port);
    endOnSignal(ending, server, storage, opened, log);
    if (storage.kind === "embedded") await prepareBucket(opened.options, pageOrigins(config, port));
    announce(config, opened.options, port);
  } catch (error) {
    await opened.close();
    throw error;
  }
  await logWhatIsMissing(storage, log);
}

function assemble(
  config: Config,
  secret: string,
  storage: Storage,
  sites: () => readonly string[],
  checkup: Checkup,
  engine: QueryEngine,
  metrics: Metrics,
  log: Logger,
  isShuttingDown: () => boolean,
) {
  const ids = createUploadIds(deriveKey(secret, "upload id"), storage.bucket);
  return createApp({
    api: {
      storage,
      answers: createAnswerCache(),
      engine,
      ids,
      places: createUploadPlaces(config.maxOpenUploads),
      sites,
      checkup,
      now: () => new Date(),
      random: Math.random,
    },
    auth: authOf(config, secret),
    metrics,
    log,
    webDir: webDir(),
    isShuttingDown,
  });
}

function authOf(config: Config, secret: string): AuthOptions {
  const { adminPassword, grants, localMode, allowedOrigins, proxyHops } = config;
  const sessionKey = deriveKey(secret, "session");
  return {
    verifyGrant: createGrantVerifier({ secret, ...grants }),
    signIn: adminPassword === null ? null : createSignIn(adminPassword, sessionKey),
    localMode,
    allowedOrigins,
    proxyHops,
    requests: createMemoryRateLimiter(PACE),
  };
}

/** From the sources it is in `dist/`, beside which they are; built, it is beside the server. */
function webDir(): string {
  const path = import.meta.url.endsWith(".ts") ? "../dist/web" : "../web";
  return fileURLToPath(new URL(path, import.meta.url));
}

function endOnSignal(
  ending: { hasBegun: boolean },
  server: Server,
  storage: Storage,
  opened: OpenStorage,
  log: Logger,
): void {
  const end = async (signal: string) => {
    // Who asks twice does not want to wait.
    if (ending.hasBegun) process.exit(1);
    ending.hasBegun = true;
    log.info({ signal }, "ending");
    await stopServing(server, SHUTDOWN_MS);
    storage.close();
    await opened.close();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.on(signal, () => {
      end(signal).catch((error: unknown) => {
        log.error({ err: error }, "ending failed");
        process.exit(1);
      });
    });
  }
}

function announce(config: Config, { bucket, endpoint, kind }: StorageOptions, port: number): void {
  const lines = [
    `Sluice  http://${urlHost(config.host)}:${port}`,
    `Store   ${endpoint ?? "AWS S3"}${kind === "embedded" ? " (embedded)" : ""}`,
    `Bucket  ${bucket}`,
    `Data    ${config.dataDir}`,
  ];
  process.stdout.write(`\n${lines.join("\n")}\n\n`);
}

async function logWhatIsMissing(storage: Storage, log: Logger): Promise<void> {
  try {
    for (const lack of (await storage.capabilities()).lacks) log.warn(lack);
  } catch (error) {
    log.warn({ err: error }, "The storage could not be asked what it can do; asked again later.");
  }
}

function loadDotEnv(): void {
  try {
    process.loadEnvFile();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

/** What a person can mend is said without a stack. */
function isExpected(error: unknown): error is Error {
  if (error instanceof ConfigError || error instanceof StartError) return true;
  return error instanceof ProblemError;
}

try {
  loadDotEnv();
  // Which Node runs is for whoever installs it; the SDK's version here is pinned.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  const config = readConfig(process.env);
  await start(config, pino({ level: config.logLevel }));
} catch (error) {
  if (!isExpected(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
