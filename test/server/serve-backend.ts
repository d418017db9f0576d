import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { pino } from "pino";
import { createApp } from "../../server/app.ts";
import {
  createGrantVerifier,
  createMemoryRateLimiter,
  createUploadPlaces,
} from "../../server/auth/index.ts";
import { createCheckup } from "../../server/checkup/index.ts";
import { createAnswerCache } from "../../server/cache/index.ts";
import { detect, select } from "../../server/select/index.ts";
import { createMetrics } from "../../server/metrics/index.ts";
import { createUploadIds } from "../../server/routes/index.ts";
import { connectStorage, type S3Endpoint } from "../../server/s3/index.ts";

/** The backend over a real socket, in front of a real bucket. */
export interface Backend {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the backend in local mode on a free port.
 * @param publicEndpoints origins of the bucket; empty: its endpoint
 * @param sites that upload, beside the backend's own
 */
export async function serveBackend(
  bucket: S3Endpoint,
  publicEndpoints: readonly string[] = [],
  sites: readonly string[] = [],
): Promise<Backend> {
  const options = {
    kind: "s3",
    publicEndpoints,
    accelerateEndpoints: [],
    equalParts: null,
  } as const;
  const storage = await connectStorage({ ...bucket, ...options });
  const app = createApp({
    api: {
      storage,
      answers: createAnswerCache(),
      engine: { select, detect },
      ids: createUploadIds(Buffer.alloc(32, 1), bucket.bucket),
      places: createUploadPlaces(2000),
      sites: () => sites,
      checkup: createCheckup({
        storage: { ...bucket, ...options },
        sites: () => sites,
        now: () => new Date(),
      }),
      now: () => new Date(),
      random: Math.random,
    },
    auth: {
      verifyGrant: createGrantVerifier({
        secret: "0123456789abcdef0123456789abcdef",
        jwksUrl: null,
        audience: "sluice",
        issuer: null,
      }),
      signIn: null,
      localMode: true,
      allowedOrigins: [],
      proxyHops: 0,
      requests: createMemoryRateLimiter({ perSecond: 100, burst: 1000 }),
    },
    metrics: createMetrics(),
    log: pino({ level: "silent" }),
    webDir: "/nowhere",
    isShuttingDown: () => false,
  });
  const server = createServer(getRequestListener(app.fetch));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        storage.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
