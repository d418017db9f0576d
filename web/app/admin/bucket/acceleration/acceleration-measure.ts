import type { ProbeResponse } from "../../../../../shared/admin-api.ts";
import { MAX_ACCELERATION_USD_PER_GB } from "../../../../../shared/cost.ts";
import { BackendError } from "../../../backend.ts";
import type { BucketApi } from "../bucket-api.ts";
import { putProbe, type OriginLine, type ProbeAddress } from "../checkup/browser-origin.ts";

/** Bytes of one PUT. */
const PUT_BYTES = 4 * 1024 * 1024;

/** Pairs of PUTs; the first opens connections and is not counted. */
const ROUNDS = 5;

/** A line of half a megabit carries a PUT within this time, in milliseconds. */
const TIMEOUT_MS = 90_000;

/** What the measurement sends in all, and through the accelerated origin, in bytes. */
export const MEASURE_BYTES = { all: 2 * ROUNDS * PUT_BYTES, accelerated: ROUNDS * PUT_BYTES };

/** What it costs at most, in US dollars. */
export const MEASURE_USD = (MEASURE_BYTES.accelerated / 1024 ** 3) * MAX_ACCELERATION_USD_PER_GB;

/** What was measured so far. Speeds are medians, in bytes a second. */
export interface Measurement {
  /** PUTs that were sent, and how many there will be. */
  readonly sent: number;
  readonly planned: number;
  readonly direct: number | null;
  readonly accelerated: number | null;
  /** Median of accelerated by direct of each pair; above 1: acceleration is faster. */
  readonly ratio: number | null;
}

/** What measuring works with. */
export interface MeasurePorts extends OriginLine {
  readonly api: Pick<BucketApi, "openProbe" | "removeProbe">;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly onProgress: (measurement: Measurement) => void;
}

/** A PUT to one of the two came to nothing; `origin`: where. */
export class MeasureError extends Error {
  readonly origin: string;

  constructor(origin: string) {
    super(`${origin} did not take a PUT of ${PUT_BYTES} bytes`);
    this.name = "MeasureError";
    this.origin = origin;
  }
}

/**
 * Puts the same bytes straight and through the accelerated origin, in turns, and removes them.
 * @throws MeasureError; BackendError where the server gives no URLs; the signal's reason
 */
export async function measureAcceleration(
  ports: MeasurePorts,
  signal: AbortSignal,
): Promise<Measurement> {
  const probe = await ports.api.openProbe(PUT_BYTES, signal);
  try {
    return await compare(ports, addressesOf(probe), signal);
  } finally {
    // It lies under the reserved prefix; where it cannot be removed the check-up says so.
    await ports.api.removeProbe(probe.key).catch(() => undefined);
  }
}

function addressesOf({ origins, accelerated = [] }: ProbeResponse) {
  const [direct] = origins;
  const [fast] = accelerated;
  if (direct && fast) return { direct, fast };
  throw new BackendError("storage-unsupported", "The server names no accelerated origin.");
}

async function compare(
  ports: MeasurePorts,
  { direct, fast }: { readonly direct: ProbeAddress; readonly fast: ProbeAddress },
  signal: AbortSignal,
): Promise<Measurement> {
  const body = randomBytes(PUT_BYTES);
  const pairs: Pair[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // Who goes first takes turns: the line may be better or worse as time passes.
    const isDirectFirst = round % 2 === 0;
    const [one, other] = isDirectFirst ? [direct, fast] : [fast, direct];
    const first = await time(ports, one, body, signal);
    ports.onProgress(sum(pairs, 2 * round + 1));
    const second = await time(ports, other, body, signal);
    const [directMs, fastMs] = isDirectFirst ? [first, second] : [second, first];
    if (round > 0) pairs.push({ directMs, fastMs });
    ports.onProgress(sum(pairs, 2 * round + 2));
  }
  return sum(pairs, 2 * ROUNDS);
}

interface Pair {
  readonly directMs: number;
  readonly fastMs: number;
}

async function time(
  ports: MeasurePorts,
  { origin, putUrl }: ProbeAddress,
  body: Blob,
  signal: AbortSignal,
): Promise<number> {
  const startedAt = ports.now();
  const { isWritten } = await putProbe(ports, putUrl, body, signal, TIMEOUT_MS);
  if (!isWritten) throw new MeasureError(origin);
  return Math.max(1, ports.now() - startedAt);
}

function sum(pairs: readonly Pair[], sent: number): Measurement {
  const speed = (ms: number) => (PUT_BYTES * 1000) / ms;
  return {
    sent,
    planned: 2 * ROUNDS,
    direct: median(pairs.map(({ directMs }) => speed(directMs))),
    accelerated: median(pairs.map(({ fastMs }) => speed(fastMs))),
    ratio: median(pairs.map(({ directMs, fastMs }) => directMs / fastMs)),
  };
}

/** `null` of nothing; the mean of the two in the middle where there is no one. */
function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

/** Bytes that nothing on the way makes smaller. */
function randomBytes(sizeBytes: number): Blob {
  const bytes = new Uint8Array(sizeBytes);
  // The browser gives 64 KiB at a time.
  for (let start = 0; start < sizeBytes; start += 65_536) {
    crypto.getRandomValues(bytes.subarray(start, Math.min(sizeBytes, start + 65_536)));
  }
  return new Blob([bytes]);
}
