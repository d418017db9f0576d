/** The shaper's own process: listens, relays, and does what its parent says over IPC. */
import { createServer, type AddressInfo, type Server } from "node:net";
import { constants, setPriority } from "node:os";
import {
  noCounts,
  shapeConnection,
  type Line,
  type LineCounts,
  type LineSettings,
  type ShapedConnection,
} from "./shaper-connection.ts";
import type { DelayClock } from "./shaper-delay.ts";
import { seededRandom } from "./shaper-fault.ts";
import { createRate } from "./shaper-rate.ts";

/** How a shaper starts. */
export interface ShaperStart {
  readonly kind: "start";
  readonly target: { readonly host: string; readonly port: number };
  readonly listenHost: string;
  /** One entry a listening port; 0 lets the system choose. */
  readonly ports: readonly number[];
  readonly settings: LineSettings;
  readonly bytesPerSecond: number;
  readonly seed: number;
}

/** What a parent asks of its shaper. */
export type ShaperCall =
  | ShaperStart
  /** `index`: of one port; without it, all. */
  | { readonly kind: "change"; readonly settings: Partial<LineSettings>; readonly index?: number }
  | { readonly kind: "limit"; readonly bytesPerSecond: number }
  | { readonly kind: "retarget"; readonly port: number }
  | { readonly kind: "reseed"; readonly seed: number }
  | { readonly kind: "counts" }
  | { readonly kind: "resetAll" };

/** What a shaper answers: one answer a call, in order. */
export interface ShaperAnswer {
  readonly ports: readonly number[];
  readonly counts: readonly LineCounts[];
}

interface Port {
  settings: LineSettings;
  readonly counts: LineCounts;
  readonly connections: Set<ShapedConnection>;
  readonly server: Server;
}

const CLOCK: DelayClock = {
  now: () => performance.now(),
  at(atMs, call) {
    const timer = setTimeout(call, Math.max(0, atMs - performance.now()));
    return () => clearTimeout(timer);
  },
};

const shared = { bytesPerSecond: Infinity, random: seededRandom(0) };
const target = { host: "127.0.0.1", port: 0 };
const ports: Port[] = [];

function openPort(start: ShaperStart, sharedRates: Line["sharedRates"]): Port {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true });
  const port: Port = {
    settings: start.settings,
    counts: noCounts(),
    connections: new Set(),
    server,
  };
  const { counts, connections } = port;
  const line: Line = {
    target,
    clock: CLOCK,
    random: () => shared.random(),
    sharedRates,
    counts,
    settings: () => port.settings,
  };
  server.on("connection", (client) => {
    if (port.settings.passage === "refusing") {
      client.resetAndDestroy();
      return;
    }
    const connection = shapeConnection(client, line, () => {
      connections.delete(connection);
      counts.openConnections = connections.size;
    });
    connections.add(connection);
    counts.connections++;
    counts.openConnections = connections.size;
    counts.maxOpenConnections = Math.max(counts.maxOpenConnections, connections.size);
  });
  return port;
}

async function start(call: ShaperStart): Promise<void> {
  Object.assign(target, call.target);
  shared.bytesPerSecond = call.bytesPerSecond;
  shared.random = seededRandom(call.seed);
  const sharedRates = {
    up: createRate(() => shared.bytesPerSecond),
    down: createRate(() => shared.bytesPerSecond),
  };
  for (const number of call.ports) {
    const port = openPort(call, sharedRates);
    await new Promise<void>((resolve, reject) => {
      port.server.once("error", reject).listen(number, call.listenHost, 1024, resolve);
    });
    ports.push(port);
  }
}

function change(settings: Partial<LineSettings>, index: number | undefined): void {
  for (const port of index === undefined ? ports : ports.slice(index, index + 1)) {
    port.settings = { ...port.settings, ...settings };
    for (const connection of port.connections) connection.passageChanged();
  }
}

async function carryOut(call: ShaperCall): Promise<void> {
  if (call.kind === "start") await start(call);
  else if (call.kind === "change") change(call.settings, call.index);
  else if (call.kind === "limit") shared.bytesPerSecond = call.bytesPerSecond;
  else if (call.kind === "retarget") target.port = call.port;
  else if (call.kind === "reseed") shared.random = seededRandom(call.seed);
  else if (call.kind === "resetAll") {
    for (const { connections } of ports) for (const connection of connections) connection.reset();
  }
}

function answer(): ShaperAnswer {
  return {
    ports: ports.map(({ server }) => (server.address() as AddressInfo).port),
    counts: ports.map(({ counts }) => counts),
  };
}

/** A line does not slow down because those on it are busy; who may not ask for that goes without. */
function goFirst(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGHEST);
  } catch {
    // Root alone may.
  }
}

goFirst();
let last: Promise<void> = Promise.resolve();
process.on("message", (call: ShaperCall) => {
  last = last.then(() => carryOut(call)).then(() => void process.send?.(answer()));
});
process.on("disconnect", () => process.exit(0));
