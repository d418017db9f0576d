import { CLEAR_LINE, startShaper, type LineCounts, type Shaper } from "../../faults/shaper.ts";
import { openLossyLink } from "../../faults/lossy-link.ts";
import type { Line } from "./scenario.ts";

/** The only address beside AWS's own that Amplify can be pointed to is this port of localhost. */
export const AMPLIFY_PORT = 20_005;

/** Where Sluice listens, on its own machine. */
export interface ServerPorts {
  readonly api: number;
  readonly store: number;
}

/** What lies between browser and storage. */
export interface Network {
  /** What Sluice has to be started with. */
  readonly prefix: readonly string[];
  /** Of the storage, as the browser reaches it. */
  readonly origins: readonly string[];
  /** Sluice's API and store as the bench reaches them: past everything. */
  readonly sluiceUrl: string;
  readonly storeUrl: string;
  readonly roundTripMs: number;
  /** What passed to the storage; null where nothing stands between. */
  counts(): Promise<LineCounts | null>;
  /** The line's faults are drawn anew: with the same seed, everyone's requests meet the same ones. */
  reseed(seed: number): Promise<void>;
  close(): Promise<void>;
}

const NOTHING_BETWEEN = {
  roundTripMs: 0,
  counts: async () => null,
  reseed: async () => undefined,
  close: async () => undefined,
};

/**
 * Lays the line in front of a Sluice that will listen on `ports`.
 * @throws Error where the system has no network namespaces to offer, for a line of packets
 */
export async function openNetwork(
  line: Line,
  originCount: 1 | 2,
  ports: ServerPorts,
): Promise<Network> {
  if (line.kind === "packets") return openPacketNetwork(line, ports);
  const direct = {
    prefix: [],
    sluiceUrl: `http://127.0.0.1:${ports.api}`,
    storeUrl: `http://127.0.0.1:${ports.store}`,
  };
  if (line.kind === "loopback") {
    const origins = [direct.storeUrl];
    return { ...direct, ...NOTHING_BETWEEN, origins };
  }
  const { kind: _, roundTripMs, bytesPerSecondPerConnection, faults = CLEAR_LINE.faults } = line;
  const shaper = await startShaper({
    targetPort: ports.store,
    ports: [...Array.from({ length: originCount }, () => 0), AMPLIFY_PORT],
    settings: { roundTripMs, bytesPerSecondPerConnection, faults },
  });
  return {
    ...direct,
    origins: shaper.origins.slice(0, originCount),
    roundTripMs,
    counts: shaper.counts,
    reseed: shaper.reseed,
    close: shaper.close,
  };
}

async function openPacketNetwork(
  line: Extract<Line, { kind: "packets" }>,
  ports: ServerPorts,
): Promise<Network> {
  const link = await openLossyLink(line);
  const { prefix, lossyHost, clearHost } = link;
  const relay = (targetPort: number, listenHost: string) =>
    startShaper({ targetPort, listenHost, prefix });
  const [storage, api, store] = await Promise.all([
    relay(ports.store, lossyHost),
    relay(ports.api, clearHost),
    relay(ports.store, clearHost),
  ]);
  const amplify = await startShaper({
    targetHost: lossyHost,
    targetPort: portOf(storage),
    ports: [AMPLIFY_PORT],
  });
  return {
    prefix,
    origins: storage.origins,
    sluiceUrl: originOf(api),
    storeUrl: originOf(store),
    roundTripMs: line.roundTripMs,
    counts: storage.counts,
    // Which packets are lost depends on when they come, whatever the seed.
    reseed: async () => undefined,
    async close() {
      await Promise.all([storage, api, store, amplify].map((shaper) => shaper.close()));
      await link.close();
    },
  };
}

function originOf({ origins }: Shaper): string {
  const [origin] = origins;
  if (origin === undefined) throw new Error("A shaper without a port");
  return origin;
}

function portOf(shaper: Shaper): number {
  return Number(new URL(originOf(shaper)).port);
}
