import type { FaultRates } from "../../faults/shaper.ts";
import {
  fileLoops,
  partLoops,
  peers,
  SLUICE,
  SLUICE_UNCHECKED,
  type Contestant,
} from "./contestant.ts";

/** The line between browser and storage; every request to the backend costs its round trip too. */
export type Line =
  /** No shaper at all. */
  | { readonly kind: "loopback" }
  /** The shaper on loopback sockets. */
  | {
      readonly kind: "shaped";
      readonly roundTripMs: number;
      readonly bytesPerSecondPerConnection: number;
      readonly faults?: FaultRates;
    }
  /** Packets between two network namespaces: the kernel's own TCP meets loss. */
  | {
      readonly kind: "packets";
      readonly roundTripMs: number;
      readonly bytesPerSecond: number;
      readonly lossRate: number;
    };

/** At least so many times as fast; what is left out is not judged. */
export interface Goals {
  readonly uppy6?: number;
  readonly peer?: number;
  readonly ceiling?: number;
  /** Against the ceiling, with checksums off. */
  readonly uncheckedCeiling?: number;
}

/** One row of the table. */
export interface Scenario {
  /** For `--only`. */
  readonly id: string;
  readonly title: string;
  readonly files: { readonly count: number; readonly sizeBytes: number };
  readonly line: Line;
  readonly originCount: 1 | 2;
  readonly contestants: readonly Contestant[];
  readonly goals: Goals;
  /** Who is not done by then did not finish. */
  readonly timeLimitSeconds: number;
  /** Fewer than the others where one is enough. */
  readonly maxRounds?: number;
}

const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;

/** 80 ms and 5 MB/s a connection: a good line over an ocean. */
const FAR = { kind: "shaped", roundTripMs: 80, bytesPerSecondPerConnection: 5e6 } as const;

/** 3 % of all requests that carry bytes, a third each. */
const THREE_PERCENT = { reset: 0.01, slowDown: 0.01, stall: 0.01, lostAnswer: 0 };

/** 40 ms: another country. */
const NEAR = { kind: "shaped", roundTripMs: 40, bytesPerSecondPerConnection: Infinity } as const;

/** As fast as the machine, and yet counted. */
const FAST = { kind: "shaped", roundTripMs: 0, bytesPerSecondPerConnection: Infinity } as const;

const SMALL_FILES = { count: 2000, sizeBytes: 20 * KiB };

/** All rows, in the order of the table. */
export const SCENARIOS: readonly Scenario[] = [
  {
    id: "loopback",
    title: "1 GiB, loopback, unshaped",
    files: { count: 1, sizeBytes: GiB },
    line: { kind: "loopback" },
    originCount: 1,
    contestants: [
      SLUICE,
      SLUICE_UNCHECKED,
      ...peers(64 * MiB),
      ...partLoops([8, 16, 25, 50, 100], 1),
      ...fileLoops(["whole"], 1, "extra"),
    ],
    goals: { uppy6: 1.8, peer: 1, ceiling: 0.8, uncheckedCeiling: 0.95 },
    timeLimitSeconds: 60,
  },
  {
    id: "far",
    title: "150 MiB, 80 ms, 5 MB/s a connection, one origin",
    files: { count: 1, sizeBytes: 150 * MiB },
    line: FAR,
    originCount: 1,
    contestants: [SLUICE, ...peers(25 * MiB), ...partLoops([8, 25], 1)],
    goals: { uppy6: 6, peer: 1.2, ceiling: 0.95 },
    timeLimitSeconds: 120,
  },
  {
    id: "far-two-origins",
    title: "the same, two origins",
    files: { count: 1, sizeBytes: 150 * MiB },
    line: FAR,
    originCount: 2,
    contestants: [SLUICE, ...peers(25 * MiB), ...partLoops([8, 12.5], 2)],
    goals: { uppy6: 11, peer: 2, ceiling: 0.95 },
    timeLimitSeconds: 120,
  },
  {
    id: "loss",
    title: "60 MiB, real TCP with 0.1 % loss, 80 ms, 25 MB/s",
    files: { count: 1, sizeBytes: 60 * MiB },
    line: { kind: "packets", roundTripMs: 80, bytesPerSecond: 25e6, lossRate: 0.001 },
    originCount: 1,
    contestants: [SLUICE, ...peers(10 * MiB), ...partLoops([5, 8, 10], 1)],
    goals: { uppy6: 6, peer: 1.3, ceiling: 0.9 },
    timeLimitSeconds: 180,
  },
  {
    id: "faults",
    title: "300 MiB, 3 % of part requests reset, 503 or stalled",
    files: { count: 1, sizeBytes: 300 * MiB },
    line: { ...FAR, faults: THREE_PERCENT },
    originCount: 1,
    contestants: [SLUICE, ...peers(8 * MiB)],
    goals: { uppy6: 4, peer: 1.5 },
    timeLimitSeconds: 240,
  },
  {
    id: "six-files",
    title: "six files of 50 MiB, 80 ms, 5 MB/s a connection",
    files: { count: 6, sizeBytes: 50 * MiB },
    line: FAR,
    originCount: 1,
    contestants: [
      SLUICE,
      ...peers(25 * MiB),
      ...partLoops([25], 1),
      ...fileLoops(["whole"], 1, "ceiling"),
    ],
    goals: { uppy6: 1, peer: 1, ceiling: 0.95 },
    timeLimitSeconds: 120,
  },
  {
    id: "small-files",
    title: "2,000 files of 20 KiB, 40 ms, one origin",
    files: SMALL_FILES,
    line: NEAR,
    originCount: 1,
    contestants: [SLUICE, ...peers(8 * MiB), ...fileLoops(["put", "post"], 1, "ceiling")],
    goals: { uppy6: 2.8, peer: 1.8, ceiling: 0.95 },
    timeLimitSeconds: 180,
  },
  {
    id: "small-files-two-origins",
    title: "2,000 files of 20 KiB, 40 ms, two origins",
    files: SMALL_FILES,
    line: NEAR,
    originCount: 2,
    contestants: [SLUICE, ...peers(8 * MiB), ...fileLoops(["put", "post"], 2, "ceiling")],
    goals: { uppy6: 5, peer: 3, ceiling: 0.95 },
    timeLimitSeconds: 180,
  },
  {
    id: "cost-100-mib",
    title: "costs: 100 MiB",
    files: { count: 1, sizeBytes: 100 * MiB },
    line: FAST,
    originCount: 1,
    contestants: [SLUICE],
    goals: {},
    timeLimitSeconds: 60,
    maxRounds: 1,
  },
  {
    id: "cost-10-gib",
    title: "costs: 10 GiB",
    files: { count: 1, sizeBytes: 10 * GiB },
    line: FAST,
    originCount: 1,
    contestants: [SLUICE],
    goals: {},
    timeLimitSeconds: 400,
    maxRounds: 1,
  },
];
