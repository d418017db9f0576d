/**
 * The embedded store: an S3 server for one disk, as a library.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html
 */
import type { Server } from "node:http";
import type { StoreCredentials } from "./credentials.ts";
import type { EngineEvent, EngineOptions } from "./engine.ts";
import type { ExchangeReport } from "./http/exchange.ts";
import type { Select } from "./http/operations/context.ts";
import { createS3Server } from "./http/server.ts";
import { createSigningKeys, sha256Hex } from "./http/sigv4/signature.ts";
import { openEngine } from "./engine/open-engine.ts";

export { storeCredentials, type StoreCredentials } from "./credentials.ts";
export type { ExchangeReport } from "./http/exchange.ts";
export type { Select } from "./http/operations/context.ts";

/** How a store is started. */
export interface StoreOptions extends Omit<EngineOptions, "directory" | "now" | "onEvent"> {
  /** Directory of the data; made where it is missing. One process at a time. */
  readonly dir: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly credentials: StoreCredentials;
  /** Region that signatures must name; default us-east-1. */
  readonly region?: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** Told of every request once it is answered, and of what the store does beside requests. */
  readonly log?: (event: StoreEvent) => void;
  /** Answers SelectObjectContent; without it, NotImplemented. */
  readonly select?: Select;
  /** How long a client may be silent within headers or a body, in milliseconds; default 20 s. */
  readonly idleTimeoutMs?: number;
  /** How long requests under way may take to end when the store closes, in milliseconds; default 10 s. */
  readonly closeTimeoutMs?: number;
}

/** What a store reports. */
export type StoreEvent = EngineEvent | ({ readonly kind: "request" } & ExchangeReport);

/** A store that listens. */
export interface Store {
  /** Origin without a slash at its end. */
  readonly endpoint: string;
  readonly port: number;
  /** Takes no more requests, lets those under way end, then lets go of the disk. May be repeated. */
  readonly close: () => Promise<void>;
}

/** Opens the store of `options.dir` and listens. @throws what listening throws, such as EADDRINUSE */
export async function startStore(options: StoreOptions): Promise<Store> {
  const { dir, host, port, credentials, region = "us-east-1", clock = Date.now } = options;
  const { log, select, idleTimeoutMs, closeTimeoutMs, ...engineOptions } = withoutServer(options);
  const engine = await openEngine({
    ...engineOptions,
    directory: dir,
    now: clock,
    ...(log && { onEvent: log }),
  });
  const { accessKeyId, secretAccessKey } = credentials;
  const server = createS3Server({
    engine,
    region,
    owner: { id: sha256Hex(accessKeyId), displayName: accessKeyId },
    verifier: { accessKeyId, signingKeys: createSigningKeys(secretAccessKey), region, now: clock },
    idleMs: idleTimeoutMs ?? 20_000,
    report: (exchange) => log?.({ kind: "request", ...exchange }),
    ...(select && { select }),
  });
  try {
    const listening = await listen(server, host, port);
    let closing: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      await stopServing(server, closeTimeoutMs ?? 10_000);
      await engine.close();
    };
    return { ...listening, close: () => (closing ??= close()) };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function withoutServer(options: StoreOptions) {
  const { dir: _d, host: _h, port: _p, credentials: _c, region: _r, clock: _k, ...rest } = options;
  return rest;
}

function listen(
  server: Server,
  host: string,
  port: number,
): Promise<{ readonly endpoint: string; readonly port: number }> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      const bound = typeof address === "object" && address ? address.port : port;
      const name = host.includes(":") ? `[${host}]` : host;
      resolve({ endpoint: `http://${name}:${bound}`, port: bound });
    });
  });
}

function stopServing(server: Server, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), timeoutMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
