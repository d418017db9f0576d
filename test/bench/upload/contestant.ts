import type { LoopOptions, PeerOptions, SluiceOptions } from "./protocol.ts";

/** Pages that are bundled. */
export type PageName = "sluice" | "uppy6" | "uppy5" | "amplify" | "loop";

/** Who takes part, and what it is measured as. */
export interface Contestant {
  readonly name: string;
  /**
   * `unchecked`: ours without checksums. `peer`: another library at its defaults, `tuned`: any at its
   * best settings. `ceiling`: the best of these is the ceiling. `extra`: shown, compared with nobody.
   */
  readonly role: "sluice" | "unchecked" | "uppy6" | "peer" | "tuned" | "ceiling" | "extra";
  readonly page: PageName;
  readonly options: LoopOptions | PeerOptions | SluiceOptions;
}

const MiB = 1024 * 1024;

/** Ours, as the page has it. */
export const SLUICE: Contestant = {
  name: "Sluice",
  role: "sluice",
  page: "sluice",
  options: { checksum: true },
};

/** Ours without checksums. */
export const SLUICE_UNCHECKED: Contestant = {
  name: "Sluice, checksums off",
  role: "unchecked",
  page: "sluice",
  options: { checksum: false },
};

/**
 * The peers at their defaults and at their best settings: parts that fit the row, as many at once as the
 * browser has connections, and where the library can sign by itself, no requests to sign.
 * @param bestPartSizeBytes what fits the row's file and line
 */
export function peers(bestPartSizeBytes: number): Contestant[] {
  const best = { partSizeBytes: bestPartSizeBytes, thresholdBytes: 16 * MiB };
  return [
    { name: "Uppy 6", role: "uppy6", page: "uppy6", options: { signing: "requests" } },
    {
      name: "Uppy 6, best",
      role: "tuned",
      page: "uppy6",
      options: { signing: "credentials", ...best },
    },
    { name: "Uppy 5", role: "peer", page: "uppy5", options: { signing: "requests" } },
    {
      name: "Uppy 5, best",
      role: "tuned",
      page: "uppy5",
      // Twice the connections, so that the next parts are signed while these are on their way.
      options: { signing: "requests", limit: 12, ...best },
    },
    { name: "Amplify 6", role: "peer", page: "amplify", options: { signing: "credentials" } },
  ];
}

/** Loops over parts of each size, with six connections to each of `originCount` origins. */
export function partLoops(partSizesMiB: readonly number[], originCount: 1 | 2): Contestant[] {
  return partSizesMiB.map((sizeMiB) => ({
    name: `loop, parts of ${sizeMiB} MiB, ${6 * originCount} connections`,
    role: "ceiling",
    page: "loop",
    options: {
      how: "parts",
      partSizeBytes: sizeMiB * MiB,
      connections: 6 * originCount,
      originCount,
    },
  }));
}

/** Loops that send whole files, one request each. */
export function fileLoops(
  ways: readonly ("whole" | "put" | "post")[],
  originCount: 1 | 2,
  role: "ceiling" | "extra",
): Contestant[] {
  const words = { whole: "whole files by PUT", put: "PUT", post: "POST" };
  return ways.map((how) => ({
    name: `loop, ${words[how]}, ${6 * originCount} connections`,
    role,
    page: "loop",
    options: { how, partSizeBytes: 0, connections: 6 * originCount, originCount },
  }));
}
