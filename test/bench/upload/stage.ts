import { S3Client } from "@aws-sdk/client-s3";
import { freePort } from "../../fixtures/free-port.ts";
import { startShaper, type LineCounts } from "../../faults/shaper.ts";
import { startBenchServer, type BenchServer } from "./bench-server.ts";
import { AMPLIFY_PORT, openNetwork, type Network } from "./network.ts";
import { createPeerBackend } from "./peer-backend.ts";
import type { PageSetup } from "./protocol.ts";
import type { Scenario } from "./scenario.ts";
import { startSluiceProcess, STORE_KEYS } from "./sluice-process.ts";

const REGION = "us-east-1";
const BUCKET = "sluice";

/** Everything but the browser that one scenario needs. */
export interface Stage {
  /** Of pages and API, as the browser reaches them. */
  readonly pageOrigin: string;
  readonly bench: BenchServer;
  readonly bucket: string;
  /** Speaks to the storage past every shaper. */
  readonly client: S3Client;
  /** What a page is told of the storage. */
  readonly storage: Omit<PageSetup, "options" | "prefix">;
  /** What passed to the storage; null where nothing stands between. */
  counts(): Promise<LineCounts | null>;
  /** The line's faults are drawn anew. */
  reseed(seed: number): Promise<void>;
  close(): Promise<void>;
}

/** Where a stage finds the bundled pages, and may write. */
export interface StageDirs {
  readonly assetsDir: string;
  readonly workDir: string;
}

/** Starts Sluice, its shapers and the bench's own server for one scenario. */
export async function openStage({ line, originCount }: Scenario, dirs: StageDirs): Promise<Stage> {
  const ports = {
    api: await freePort(),
    store: line.kind === "loopback" ? AMPLIFY_PORT : await freePort(),
  };
  const network = await openNetwork(line, originCount, ports);
  const client = clientOf(network.storeUrl);
  const publicClient = clientOf(network.origins[0] ?? "");
  const place = { bucket: BUCKET, region: REGION, ...STORE_KEYS };
  const bench = await startBenchServer({
    assetsDir: dirs.assetsDir,
    sluiceUrl: network.sluiceUrl,
    sluiceHost: `127.0.0.1:${ports.api}`,
    peers: createPeerBackend({ ...place, client, publicClient, origins: network.origins }),
  });
  const { roundTripMs } = network;
  const api = await startShaper({ targetPort: bench.port, settings: { roundTripMs } });
  const pageOrigin = api.origins[0] ?? "";
  const sluice = await startSluiceProcess({
    ports,
    parentDir: dirs.workDir,
    prefix: network.prefix,
    env: {
      SLUICE_ALLOWED_ORIGINS: pageOrigin,
      S3_PUBLIC_ENDPOINTS: network.origins.join(","),
    },
    isReady: () => isReady(network),
  });
  return {
    pageOrigin,
    bench,
    bucket: BUCKET,
    client,
    storage: { ...place, origins: [...network.origins] },
    counts: network.counts,
    reseed: network.reseed,
    async close() {
      client.destroy();
      publicClient.destroy();
      await sluice.stop();
      await Promise.all([api.close(), bench.close(), network.close()]);
    },
  };
}

async function isReady({ sluiceUrl }: Network): Promise<boolean> {
  try {
    return (await fetch(`${sluiceUrl}/readyz`)).ok;
  } catch {
    // Not listening yet.
    return false;
  }
}

function clientOf(endpoint: string): S3Client {
  return new S3Client({
    endpoint,
    region: REGION,
    forcePathStyle: true,
    credentials: STORE_KEYS,
    // Otherwise presigned URLs carry the checksum of an empty body.
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
}
