import type { HashBlob, HashPieces } from "./hash-blob.ts";
import type { HashAlgorithm } from "./part-hasher.ts";

/** Blobs read as one: most of what a small file costs is asking for it. */
const MOST_BLOBS = 16;

/** One is read while the other is hashed. */
const MOST_BATCHES = 2;

interface Job {
  readonly blob: Blob;
  readonly algorithm: HashAlgorithm;
  readonly signal: AbortSignal;
  resolve(value: string): void;
  reject(reason: unknown): void;
}

/** Hashes blobs that are asked for at about the same time as pieces of one. */
export function createBatches(hashPieces: HashPieces): HashBlob {
  const waiting: Job[] = [];
  let runningCount = 0;
  let isDue = false;

  function wake(): void {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      while (runningCount < MOST_BATCHES && waiting.length > 0) void run(takeBatch(waiting));
    });
  }

  async function run(jobs: readonly Job[]): Promise<void> {
    runningCount += 1;
    await hashTogether(jobs, hashPieces);
    runningCount -= 1;
    wake();
  }

  return (blob, algorithm, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const giveUp = (): void => reject(signal.reason);
      signal.addEventListener("abort", giveUp);
      const settled = <T>(settle: (value: T) => void) => {
        return (value: T) => {
          signal.removeEventListener("abort", giveUp);
          settle(value);
        };
      };
      waiting.push({
        blob,
        algorithm,
        signal,
        resolve: settled(resolve),
        reject: settled(reject),
      });
      wake();
    });
}

/** The first that wait and are still wanted, of one algorithm. */
function takeBatch(waiting: Job[]): readonly Job[] {
  const batch: Job[] = [];
  while (waiting.length > 0 && batch.length < MOST_BLOBS) {
    const [next] = waiting;
    if (!next || (batch[0] && batch[0].algorithm !== next.algorithm)) break;
    waiting.shift();
    if (!next.signal.aborted) batch.push(next);
  }
  return batch;
}

/** Never rejects. */
async function hashTogether(jobs: readonly Job[], hashPieces: HashPieces): Promise<void> {
  const [first, ...others] = jobs;
  if (first === undefined) return;
  const blobs = jobs.map(({ blob }) => blob);
  const whole = others.length === 0 ? first.blob : new Blob(blobs);
  const sizes = blobs.map(({ size }) => size);
  const stop = whenAllAbort(jobs.map(({ signal }) => signal));
  try {
    const values = await hashPieces(whole, sizes, first.algorithm, stop);
    jobs.forEach((job, index) => job.resolve(values[index] ?? ""));
  } catch (error) {
    if (others.length === 0) return first.reject(error);
    // One of them is to blame, and only it may fail.
    for (const job of jobs) await hashTogether([job], hashPieces);
  }
}

/** Aborts once nobody wants anything of it any more. */
function whenAllAbort(signals: readonly AbortSignal[]): AbortSignal {
  const [only, ...others] = signals;
  if (only && others.length === 0) return only;
  const all = new AbortController();
  const look = (): void => {
    if (signals.every(({ aborted }) => aborted)) all.abort();
  };
  for (const signal of signals) signal.addEventListener("abort", look, { once: true });
  return all.signal;
}
