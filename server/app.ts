import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import type { Logger } from "pino";
import { ProblemError } from "../shared/problem.ts";
import { authenticate, requireScope, type AuthOptions } from "./auth/index.ts";
import { countRequests } from "./count-requests.ts";
import type { Metrics } from "./metrics/index.ts";
import { logRequests, reportFaults } from "./request-log.ts";
import {
  createApi,
  createDocumentationRoutes,
  createHealthRoutes,
  createMetricsRoutes,
  createPageRoutes,
  inlineScriptHashes,
  problemResponse,
  type ApiEnv,
  type ApiPorts,
} from "./routes/index.ts";
import type { Storage } from "./s3/index.ts";

/** What the app is put together from. */
export interface AppOptions {
  readonly api: ApiPorts;
  readonly auth: AuthOptions;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** The built page. */
  readonly webDir: string;
  readonly isShuttingDown: () => boolean;
}

/** A thousand files with long names, or ten thousand parts with their ETags, stay below; in bytes. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** A password of the longest, escaped letter by letter, in bytes. */
const MAX_SIGN_IN_BYTES = 8 * 1024;

/** A hundred of the longest upload IDs, in bytes. */
const MAX_HEARTBEAT_BYTES = 1280 * 1024;

/** Everything that answers HTTP: API, documents, health and the page. */
export function createApp({ api, auth, metrics, log, webDir, isShuttingDown }: AppOptions) {
  const { storage } = api;
  const app = new Hono<ApiEnv>();
  app.use(requestId({ limitLength: 128 }));
  app.use(logRequests(log), countRequests(metrics), reportFaults(log));
  app.use(headersFor(storage, inlineScriptHashes(webDir)));
  app.onError((error, c) => {
    c.get("report")(error);
    return problemResponse(c, error);
  });
  app.use("/api/*", neverCached, corsFor(auth.allowedOrigins));
  app.use("/api/*", authenticate(auth));
  app.use("/metrics", neverCached, authenticate(auth));
  app.use("/api/admin/*", requireAdmin);
  app.use("/api/session", limitBody(MAX_SIGN_IN_BYTES));
  app.use("/api/uploads/heartbeat", limitBody(MAX_HEARTBEAT_BYTES));
  app.use("/api/*", requireJson, limitBody(MAX_BODY_BYTES));
  const ping = () => storage.ping();
  const documented = app
    .route("/", createApi(api, auth.signIn))
    .route("/", createHealthRoutes({ ping, isShuttingDown, nowMs: () => performance.now() }))
    .route("/", createMetricsRoutes(metrics));
  app.all("/api/*", (c) => {
    throw new ProblemError("not-found", `There is no ${c.req.method} ${c.req.path}.`);
  });
  app.route("/", createDocumentationRoutes(documented));
  app.route("/", createPageRoutes(webDir));
  app.notFound((c) => problemResponse(c, new ProblemError("not-found", "There is no such page.")));
  return app;
}

/** Before anything is read of a request; each handler asks again, so that none depends on where it is mounted. */
const requireAdmin = createMiddleware<ApiEnv>(async (c, next) => {
  requireScope(c.get("identity"), "admin");
  await next();
});

/** Answers hold signed URLs and the state of an instant. */
const neverCached = createMiddleware(async (c, next) => {
  await next();
  c.header("cache-control", "no-store");
});

/**
 * A body of another type would be sent across origins without a preflight.
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-request-header
 */
const requireJson = createMiddleware(async (c, next) => {
  const { method } = c.req;
  const type = c.req.header("content-type") ?? "";
  if ((method === "POST" || method === "PUT") && !/^application\/json\s*(;|$)/i.test(type)) {
    throw new ProblemError("body-not-json", "Send the body as Content-Type: application/json.");
  }
  await next();
});

function limitBody(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError() {
      throw new ProblemError("body-too-large", `A body may have ${maxSize} bytes here.`);
    },
  });
}

function corsFor(allowedOrigins: readonly string[]) {
  return cors({
    origin: [...allowedOrigins],
    allowMethods: ["GET", "POST", "PUT", "DELETE"],
    allowHeaders: ["authorization", "content-type", "x-request-id"],
    // `Date` tells a page of another site how wrong its own clock is.
    exposeHeaders: ["date", "x-request-id", "retry-after"],
    maxAge: 7200,
  });
}

/** The page runs its own scripts alone and speaks to us and to the storage. */
function headersFor(
  { origins, accelerateOrigins }: Pick<Storage, "origins" | "accelerateOrigins">,
  scriptHashes: readonly string[],
) {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      // Hashes are computed in WebAssembly.
      scriptSrc: ["'self'", "'wasm-unsafe-eval'", ...scriptHashes],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:", "blob:", ...origins],
      mediaSrc: ["'self'", "blob:", ...origins],
      // Also where nobody knows yet whether the bucket is accelerated: a page keeps the policy that it came with.
      connectSrc: ["'self'", ...origins, ...accelerateOrigins],
      workerSrc: ["'self'"],
      objectSrc: ["'none'"],
      frameSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'self'"],
    },
    referrerPolicy: "no-referrer",
    crossOriginOpenerPolicy: "same-origin",
    crossOriginResourcePolicy: "same-origin",
    // Nothing of it is used here, so that nothing that gets in can ask a person for it.
    permissionsPolicy: {
      bluetooth: [],
      camera: [],
      displayCapture: [],
      geolocation: [],
      hid: [],
      microphone: [],
      midi: [],
      payment: [],
      serial: [],
      usb: [],
    },
    // The proxy that ends TLS decides on this.
    strictTransportSecurity: false,
    xXssProtection: false,
    xFrameOptions: "SAMEORIGIN",
  });
}
