import { describe, expect, test } from "vitest";
import { probeLossyLink, whyNoLossyLink } from "./lossy-link.ts";

const MB = 1e6;
const why = whyNoLossyLink();

describe.skipIf(why !== null)(`a lossy link${why === null ? "" : ` (${why})`}`, () => {
  test("takes a round trip to connect, and every byte arrives", () => {
    const line = { roundTripMs: 60, bytesPerSecond: 100 * MB, lossRate: 0 };
    const { arrivedBytes, connectMs } = probeLossyLink(line, MB);
    expect(arrivedBytes).toBe(MB);
    expect(connectMs).toBeGreaterThanOrEqual(58);
  });

  test("loses packets, which the kernel's TCP sends again", () => {
    const line = { roundTripMs: 4, bytesPerSecond: 100 * MB, lossRate: 0.02 };
    const { arrivedBytes, retransmits } = probeLossyLink(line, 4 * MB);
    expect(arrivedBytes).toBe(4 * MB);
    // 4 MB are some 2,800 segments, of which 56 are lost.
    expect(retransmits).toBeGreaterThan(20);
  });
});
