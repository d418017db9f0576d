import { spawnSync } from "node:child_process";

/** Where a browser sees a network at all, it says that it is online; the address exists here alone. */
const ONLINE = [
  "ip link add online0 type veth peer name online1",
  "ip addr add 10.77.9.1/30 dev online0",
  "ip link set online0 up",
  "ip link set online1 up",
];

/**
 * Command and arguments that start a command in a network namespace of its own, which ends with it; the
 * loopback is up there, and a browser is online.
 * @param sendBufferBytes the most that a sender's socket holds; the system's own (4 MiB on Linux) hides
 *   from a browser on loopback how slow a shaped line is
 */
export function ownNetwork(sendBufferBytes?: number): string[] {
  const bound = `sysctl -q -w net.ipv4.tcp_wmem="4096 16384 ${sendBufferBytes}"`;
  const steps = ["ip link set lo up", ...ONLINE, ...(sendBufferBytes === undefined ? [] : [bound])];
  return ["unshare", "--net", "sh", "-c", `${steps.join(" && ")} && exec "$@"`, "sh"];
}

/** Why this system has no network namespaces for us, or null where it has. */
export function whyNoOwnNetwork(): string | null {
  if (process.platform !== "linux") return "needs Linux's network namespaces";
  return works(["true"]) ? null : "needs root, to create network namespaces and veth devices";
}

/** Whether a command succeeds in a network of its own. */
function works(words: readonly string[]): boolean {
  const [command = "", ...args] = [...ownNetwork(), ...words];
  const { status, error } = spawnSync(command, args, { stdio: "ignore" });
  return error === undefined && status === 0;
}
