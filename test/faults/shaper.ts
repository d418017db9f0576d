import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { noCounts, type LineCounts, type LineSettings } from "./shaper-connection.ts";
import type { ShaperAnswer, ShaperCall } from "./shaper-process.ts";

export type { LineCounts, LineSettings } from "./shaper-connection.ts";
export type { FaultRates } from "./shaper-fault.ts";

/** A TCP relay in a process of its own, whose line can be long, narrow and faulty. */
export interface Shaper {
  /** `http://host:port` of every listening port, all of them in front of the same target. */
  readonly origins: readonly string[];
  readonly ports: readonly number[];
  /**
   * From now on, for connections that are open too.
   * @param index of one port in `ports`; without it, all
   */
  change(settings: Partial<LineSettings>, index?: number): Promise<void>;
  /** Bytes a second over all ports and connections, each way. */
  limit(bytesPerSecond: number): Promise<void>;
  /** New connections go to another port of the target's host. */
  retarget(port: number): Promise<void>;
  /** Faults are drawn anew, as at the start of a shaper with this seed. */
  reseed(seed: number): Promise<void>;
  /** Of all ports together. */
  counts(): Promise<LineCounts>;
  /** Port by port. */
  countsByPort(): Promise<readonly LineCounts[]>;
  /** Resets every open connection, as a dying access point would. */
  resetAll(): Promise<void>;
  close(): Promise<void>;
}

/** How a shaper starts; without settings it lets everything through at once. */
export interface ShaperOptions {
  readonly targetPort: number;
  readonly targetHost?: string;
  readonly listenHost?: string;
  /** Listening ports (0: one that is free), each an origin of its own to a browser; default one. */
  readonly ports?: readonly number[];
  readonly settings?: Partial<LineSettings>;
  /** Over all ports and connections, each way. */
  readonly bytesPerSecond?: number;
  /** The same seed draws the same faults for the same requests. */
  readonly seed?: number;
  /** What to start the process with, such as `nsenter` and its arguments. */
  readonly prefix?: readonly string[];
}

/** A line that changes nothing. */
export const CLEAR_LINE: LineSettings = {
  roundTripMs: 0,
  bytesPerSecondPerConnection: Infinity,
  faults: { reset: 0, slowDown: 0, stall: 0, lostAnswer: 0 },
  passage: "open",
};

const PROCESS = fileURLToPath(new URL("./shaper-process.ts", import.meta.url));

/** Starts a shaper and waits until it listens. */
export async function startShaper(options: ShaperOptions): Promise<Shaper> {
  const listenHost = options.listenHost ?? "127.0.0.1";
  const child = startProcess(options.prefix ?? []);
  const call = caller(child);
  const { ports } = await call({
    kind: "start",
    target: { host: options.targetHost ?? "127.0.0.1", port: options.targetPort },
    listenHost,
    ports: options.ports ?? [0],
    settings: { ...CLEAR_LINE, ...options.settings },
    bytesPerSecond: options.bytesPerSecond ?? Infinity,
    seed: options.seed ?? 1,
  });
  const countsByPort = async () => (await call({ kind: "counts" })).counts;
  return {
    ports,
    origins: ports.map((port) => `http://${listenHost}:${port}`),
    async change(settings, index) {
      await call({ kind: "change", settings, ...(index === undefined ? {} : { index }) });
    },
    async limit(bytesPerSecond) {
      await call({ kind: "limit", bytesPerSecond });
    },
    async retarget(port) {
      await call({ kind: "retarget", port });
    },
    async reseed(seed) {
      await call({ kind: "reseed", seed });
    },
    countsByPort,
    counts: async () => (await countsByPort()).reduce(sum, noCounts()),
    async resetAll() {
      await call({ kind: "resetAll" });
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await once(child, "exit");
    },
  };
}

function startProcess(prefix: readonly string[]): ChildProcess {
  const [command = "", ...args] = [...prefix, process.execPath, "--import", "tsx", PROCESS];
  return spawn(command, args, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    // JSON has no Infinity.
    serialization: "advanced",
  });
}

/** One call after another, each with its answer. */
function caller(child: ChildProcess): (call: ShaperCall) => Promise<ShaperAnswer> {
  const waiting: PromiseWithHandlers[] = [];
  child.on("message", (answer: ShaperAnswer) => waiting.shift()?.resolve(answer));
  const fail = (cause?: unknown) => {
    for (const { reject } of waiting.splice(0)) reject(new Error("The shaper ended", { cause }));
  };
  child.on("exit", () => fail()).on("error", fail);
  return (call) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      child.send(call, (error) => {
        if (error) fail(error);
      });
    });
}

interface PromiseWithHandlers {
  readonly resolve: (answer: ShaperAnswer) => void;
  readonly reject: (error: Error) => void;
}

function sum(a: LineCounts, b: LineCounts): LineCounts {
  const requestsByMethod = { ...a.requestsByMethod };
  for (const [method, count] of Object.entries(b.requestsByMethod)) {
    requestsByMethod[method] = (requestsByMethod[method] ?? 0) + count;
  }
  return {
    connections: a.connections + b.connections,
    openConnections: a.openConnections + b.openConnections,
    maxOpenConnections: a.maxOpenConnections + b.maxOpenConnections,
    upBytes: a.upBytes + b.upBytes,
    transferBytes: a.transferBytes + b.transferBytes,
    transfers: a.transfers + b.transfers,
    requestsByMethod,
    faults: {
      reset: a.faults.reset + b.faults.reset,
      stall: a.faults.stall + b.faults.stall,
      slowDown: a.faults.slowDown + b.faults.slowDown,
      lostAnswer: a.faults.lostAnswer + b.faults.lostAnswer,
    },
  };
}
