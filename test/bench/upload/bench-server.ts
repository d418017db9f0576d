import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { PageResult, type PageSetup } from "./protocol.ts";

/** One run as the bench sees it. */
export interface RunDesk {
  /** Of the page, on the server's origin. */
  readonly path: string;
  /** The page is there and wants its files. */
  readonly loaded: Promise<void>;
  /** The page has its files and waits for `start`. */
  readonly ready: Promise<void>;
  start(): void;
  readonly result: Promise<PageResult>;
}

/** What stands where a deployment has Sluice: pages of the bench, our API, and a backend for the peers. */
export interface BenchServer {
  readonly port: number;
  /** Requests to `/api` and `/peer` so far. */
  backendRequests(): number;
  /** @param page name of a bundled contestant */
  openRun(page: string, setup: PageSetup): RunDesk;
  close(): Promise<void>;
}

/** What a server is made of. */
export interface BenchServerOptions {
  /** Bundled contestants, one `<name>.js` each. */
  readonly assetsDir: string;
  /** `http://host:port` of Sluice. */
  readonly sluiceUrl: string;
  /** The `Host` that it knows itself by. */
  readonly sluiceHost: string;
  /** Routes below `/peer`. */
  readonly peers: Hono;
}

interface OpenRun {
  readonly setup: PageSetup;
  readonly loaded: PromiseWithResolvers;
  readonly ready: PromiseWithResolvers;
  readonly started: PromiseWithResolvers;
  readonly answered: PromiseWithResolvers<PageResult>;
}

interface PromiseWithResolvers<T = void> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

/** Starts the server on a free port of the loopback interface. */
export async function startBenchServer(options: BenchServerOptions): Promise<BenchServer> {
  const runs = new Map<string, OpenRun>();
  const toSluice = createProxy(options.sluiceUrl, options.sluiceHost);
  const pages = getRequestListener(createPages(runs, options).fetch);
  let backendRequests = 0;
  const server = createServer((incoming, outgoing) => {
    const { url = "" } = incoming;
    if (url.startsWith("/api/") || url.startsWith("/peer/")) backendRequests++;
    if (url.startsWith("/api/")) toSluice.pass(incoming, outgoing);
    else void pages(incoming, outgoing);
  });
  // A line that is held open by the browser may be long silent.
  server.keepAliveTimeout = 300_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    backendRequests: () => backendRequests,
    openRun(page, setup) {
      const id = String(runs.size + 1);
      const run: OpenRun = {
        setup,
        loaded: withResolvers(),
        ready: withResolvers(),
        started: withResolvers(),
        answered: withResolvers(),
      };
      runs.set(id, run);
      return {
        path: `/bench/page/${page}?run=${id}`,
        loaded: run.loaded.promise,
        ready: run.ready.promise,
        start: () => run.started.resolve(),
        result: run.answered.promise,
      };
    },
    async close() {
      toSluice.close();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function createPages(runs: ReadonlyMap<string, OpenRun>, options: BenchServerOptions): Hono {
  const app = new Hono();
  const runOf = (id: string | undefined): OpenRun => {
    const run = runs.get(id ?? "");
    if (run === undefined) throw new Error(`No run ${id}`);
    return run;
  };
  app.get("/bench/page/:name", (c) => {
    const script = `<script type="module" src="/bench/assets/${c.req.param("name")}.js"></script>`;
    return c.html(`<!doctype html><meta charset="utf-8"><title>bench</title>${script}`);
  });
  app.get("/bench/assets/:file", (c) => {
    const script = readFileSync(join(options.assetsDir, basename(c.req.param("file"))));
    return c.body(new Uint8Array(script), 200, { "content-type": "text/javascript" });
  });
  app.get("/bench/setup", (c) => c.json(runOf(c.req.query("run")).setup));
  app.post("/bench/loaded", (c) => {
    runOf(c.req.query("run")).loaded.resolve();
    return c.body(null, 204);
  });
  app.post("/bench/start", async (c) => {
    const { ready, started } = runOf(c.req.query("run"));
    ready.resolve();
    await started.promise;
    return c.body(null, 204);
  });
  app.post("/bench/result", async (c) => {
    runOf(c.req.query("run")).answered.resolve(PageResult.parse(await c.req.json()));
    return c.body(null, 204);
  });
  app.route("/peer", options.peers);
  return app;
}

/** Hands requests on as they are: to the browser, page and API have one origin, as deployed. */
function createProxy(targetUrl: string, host: string) {
  const agent = new Agent({ keepAlive: true });
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method, url, headers } = incoming;
    const options = { agent, method, headers: { ...headers, host } };
    const onward = request(`${targetUrl}${url}`, options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.on("error", () => onward.destroy());
    incoming.pipe(onward);
  };
  return { pass, close: () => agent.destroy() };
}

function withResolvers<T = void>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
