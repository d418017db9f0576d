import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ownNetwork, whyNoOwnNetwork } from "./own-network.ts";

/** A line of packets, each way. */
export interface LossyLine {
  readonly roundTripMs: number;
  readonly bytesPerSecond: number;
  /** Of each packet, from 0 to 1. */
  readonly lossRate: number;
}

/** A network namespace of its own behind a lossy line, seen from the namespace we are in. */
export interface LossyLink {
  /** Starts a command in the far namespace. */
  readonly prefix: readonly string[];
  /** Of the far namespace, over the lossy line. */
  readonly lossyHost: string;
  /** The same, over a line without delay or loss. */
  readonly clearHost: string;
  close(): Promise<void>;
}

const RELAY = fileURLToPath(new URL("./lossy-link.py", import.meta.url));
const PROBE = fileURLToPath(new URL("./lossy-link-probe.ts", import.meta.url));

/** A step of laying the link takes milliseconds; a system that does not let us may never answer. */
const STEP_MS = 10_000;

/** Addresses exist in these namespaces alone. */
const LOSSY = { net: "10.77.0.0/30", near: "10.77.0.1", far: "10.77.0.2" };
const CLEAR = { near: "10.77.1.1", far: "10.77.1.2" };

/** What `lossy-link-probe.ts` saw. */
export interface LinkProbe {
  readonly arrivedBytes: number;
  /** Milliseconds. */
  readonly connectMs: number;
  readonly retransmits: number;
}

/**
 * Sends bytes over a line of their own, in a process of its own.
 * @throws Error with what the process said, where the link cannot be laid or carries nothing
 */
export function probeLossyLink(line: LossyLine, sizeBytes: number): LinkProbe {
  const node = [process.execPath, "--import", "tsx", PROBE];
  const numbers = [line.roundTripMs, line.bytesPerSecond, line.lossRate, sizeBytes].map(String);
  const [command = "", ...args] = [...ownNetwork(), ...node, ...numbers];
  const probe = spawnSync(command, args, {
    encoding: "utf8",
    timeout: 3 * STEP_MS,
    killSignal: "SIGKILL",
  });
  if (probe.error !== undefined) throw probe.error;
  // Its own words, without the stack.
  const said = probe.stderr.match(/^\w*Error: .*$/m)?.[0] ?? probe.stderr.trim();
  if (probe.status !== 0) throw new Error(said);
  return JSON.parse(probe.stdout);
}

/** Why this system cannot lay a lossy link, or null where it can: a byte is sent over one. */
export function whyNoLossyLink(): string | null {
  const why = whyNoOwnNetwork();
  if (why !== null) return why;
  try {
    probeLossyLink({ roundTripMs: 10, bytesPerSecond: 1e6, lossRate: 0 }, 1);
    return null;
  } catch (error) {
    return `needs TUN devices and python3; tried in vain: ${(error as Error).message}`;
  }
}

/**
 * Lays a lossy line and a clear one to a new network namespace. The namespace that we are in has to be
 * one of our own (`ownNetwork`): devices and addresses are added to it.
 * @param seed the same seed loses the same packets of the same sequence
 */
export async function openLossyLink(line: LossyLine, seed = 1): Promise<LossyLink> {
  const [command = "", ...args] = [...ownNetwork(), "cat"];
  // A namespace lives as long as a process in it; this one ends with its standard input.
  const holder = spawn(command, args, { stdio: ["pipe", "ignore", "inherit"] });
  const relay = startRelay(line, seed);
  await firstWords(relay);
  const pid = await pidInside(holder);
  const prefix = ["nsenter", `--net=/proc/${pid}/ns/net`, "--"];
  const far = (...words: string[]) => run(...prefix, ...words);
  run("ip", "link", "set", "lossy1", "netns", String(pid));
  run("ip", "link", "add", "clear0", "type", "veth", "peer", "name", "clear1");
  run("ip", "link", "set", "clear1", "netns", String(pid));
  for (const [device, { near }] of [
    ["lossy0", LOSSY],
    ["clear0", CLEAR],
  ] as const) {
    setUp(run, device, near);
  }
  for (const [device, { far: address }] of [
    ["lossy1", LOSSY],
    ["clear1", CLEAR],
  ] as const) {
    setUp(far, device, address);
  }
  // What most senders use; algorithms that ignore loss would make this line no test.
  for (const [start, device] of [
    [run, "lossy0"],
    [far, "lossy1"],
  ] as const) {
    start("ip", "route", "replace", LOSSY.net, "dev", device, "congctl", "cubic");
  }
  return {
    prefix,
    lossyHost: LOSSY.far,
    clearHost: CLEAR.far,
    async close() {
      for (const child of [relay, holder]) {
        child.stdin?.end();
        if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      }
    },
  };
}

function startRelay({ roundTripMs, bytesPerSecond, lossRate }: LossyLine, seed: number) {
  const numbers = [roundTripMs / 2, bytesPerSecond, lossRate, seed].map(String);
  return spawn("python3", [RELAY, "lossy0", "lossy1", ...numbers], {
    stdio: ["pipe", "pipe", "inherit"],
  });
}

/**
 * Waits until a process says something on its standard output.
 * @throws Error where it ends without a word, or is silent for 10 s
 */
export async function firstWords(child: ChildProcess): Promise<void> {
  const settled = new AbortController();
  const silence = AbortSignal.any([settled.signal, AbortSignal.timeout(STEP_MS)]);
  try {
    await Promise.race([
      once(child.stdout ?? child, "data", { signal: silence }),
      once(child, "exit", { signal: silence }).then(() => {
        throw new Error(`${child.spawnfile} ended without a word`);
      }),
    ]);
  } finally {
    settled.abort();
  }
}

/** The process once it has left our namespace: `unshare` does so after it was started. */
async function pidInside(child: ChildProcess): Promise<number> {
  const { pid } = child;
  if (pid === undefined) throw new Error("unshare could not be started");
  const givenUpAt = performance.now() + STEP_MS;
  const namespaceOf = (name: string) => readlinkSync(`/proc/${name}/ns/net`);
  while (namespaceOf(String(pid)) === namespaceOf("self")) {
    if (performance.now() > givenUpAt) throw new Error("unshare does not leave our namespace");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return pid;
}

function setUp(start: (...words: string[]) => void, device: string, address: string): void {
  start("ip", "addr", "add", `${address}/30`, "dev", device);
  // Long enough that packets are lost in the line alone, where the relay says so.
  start("ip", "link", "set", device, "txqueuelen", "10000", "up");
}

function run(...[command = "", ...args]: string[]): void {
  execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
}
