import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ownNetwork, whyNoOwnNetwork, works } from "./own-network.ts";

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

/** Addresses exist in these namespaces alone. */
const LOSSY = { net: "10.77.0.0/30", near: "10.77.0.1", far: "10.77.0.2" };
const CLEAR = { near: "10.77.1.1", far: "10.77.1.2" };

/** Why this system cannot lay a lossy link, or null where it can. */
export function whyNoLossyLink(): string | null {
  const why = whyNoOwnNetwork();
  if (why !== null) return why;
  const probe = "ip tuntap add dev probe0 mode tun && python3 -c ''";
  return works(["sh", "-c", probe]) ? null : "needs TUN devices and python3";
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
  await once(relay.stdout ?? relay, "data");
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

/** The process once it has left our namespace: `unshare` does so after it was started. */
async function pidInside(child: ChildProcess): Promise<number> {
  const { pid } = child;
  if (pid === undefined) throw new Error("unshare could not be started");
  const namespaceOf = (name: string) => readlinkSync(`/proc/${name}/ns/net`);
  while (namespaceOf(String(pid)) === namespaceOf("self")) {
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
