import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { whyNoLossyLink } from "./lossy-link.ts";
import { ownNetwork } from "./own-network.ts";

const PROBE = fileURLToPath(new URL("./lossy-link-probe.ts", import.meta.url));
const MB = 1e6;

function probe(roundTripMs: number, bytesPerSecond: number, lossRate: number, sizeBytes: number) {
  const node = [process.execPath, "--import", "tsx", PROBE];
  const numbers = [roundTripMs, bytesPerSecond, lossRate, sizeBytes].map(String);
  const [command = "", ...args] = [...ownNetwork(), ...node, ...numbers];
  return JSON.parse(execFileSync(command, args, { encoding: "utf8" }));
}

describe.skipIf(whyNoLossyLink() !== null)("a lossy link (root, veth, TUN, python3)", () => {
  test("takes a round trip to connect, and every byte arrives", () => {
    const { arrivedBytes, connectMs } = probe(60, 100 * MB, 0, MB);
    expect(arrivedBytes).toBe(MB);
    expect(connectMs).toBeGreaterThanOrEqual(58);
  });

  test("loses packets, which the kernel's TCP sends again", () => {
    const { arrivedBytes, retransmits } = probe(4, 100 * MB, 0.02, 4 * MB);
    expect(arrivedBytes).toBe(4 * MB);
    // 4 MB are some 2,800 segments, of which 56 are lost.
    expect(retransmits).toBeGreaterThan(20);
  });
});
