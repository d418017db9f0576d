import { setTimeout as delay } from "node:timers/promises";
import { launchBrowser } from "./browser.ts";
import type { Contestant } from "./contestant.ts";
import { treeCpuSeconds, watchTreeMemory } from "./process-tree.ts";
import type { PageResult } from "./protocol.ts";
import type { Stage } from "./stage.ts";
import { emptyBucket, verifyObjects, type BenchFile } from "./storage.ts";
import type { LineCounts } from "../../faults/shaper.ts";

/** What one run took and cost. */
export interface RunFigures {
  readonly seconds: number;
  /** Of all the browser's processes. */
  readonly cpuSeconds: number;
  /** Most that they held above what they held before the start, in bytes. */
  readonly memoryBytes: number;
  readonly backendRequests: number;
  /** Requests to the storage by method; null where nothing counts them. */
  readonly storageRequests: Readonly<Record<string, number>> | null;
  /** Bytes of files sent beyond those that there are, as a share of those; null as above. */
  readonly sentAgain: number | null;
  /** Tasks of the page's main thread above 50 ms. */
  readonly longTasksMs: readonly number[];
}

/** How one run ended. */
export type RunOutcome =
  | { readonly kind: "finished"; readonly figures: RunFigures }
  | { readonly kind: "unfinished"; readonly why: string; readonly seconds: number };

/** A browser that has just loaded a page still tidies up, in milliseconds. */
const SETTLE_MS = 400;

/** Measured all the time from before the start. */
interface Gauges {
  readonly cpuSeconds: number;
  readonly backendRequests: number;
  readonly counts: LineCounts | null;
}

/** Uploads `files` by one contestant in a browser of its own, checks what arrived, and deletes it. */
export async function runOnce(
  stage: Stage,
  contestant: Contestant,
  files: readonly BenchFile[],
  browserPath: string,
  timeLimitSeconds: number,
): Promise<RunOutcome> {
  const { page, options } = contestant;
  const desk = stage.bench.openRun(page, { ...stage.storage, options, prefix: "bench/" });
  const browser = launchBrowser(browserPath, stage.pageOrigin + desk.path);
  try {
    await desk.loaded;
    await browser.chooseFiles(files.map(({ path }) => path));
    await desk.ready;
    await delay(SETTLE_MS);
    const memory = watchTreeMemory(browser.pid);
    const before = await gauge(stage, browser.pid);
    desk.start();
    const limit = new AbortController();
    const result = await Promise.race([
      desk.result,
      browser.ended.then(() => "The browser ended"),
      delay(timeLimitSeconds * 1000, `not done after ${timeLimitSeconds} s`, limit),
    ]);
    limit.abort();
    const memoryBytes = memory.stop();
    const after = await gauge(stage, browser.pid);
    await browser.close();
    const failure = await failureOf(result, stage, files);
    if (typeof result === "string" || failure !== null) {
      const seconds = typeof result === "string" ? timeLimitSeconds : result.durationMs / 1000;
      return { kind: "unfinished", why: failure ?? "", seconds };
    }
    return { kind: "finished", figures: figuresOf(result, before, after, memoryBytes, files) };
  } finally {
    await browser.close();
    await emptyBucket(stage.client, stage.bucket);
  }
}

async function gauge({ bench, counts }: Stage, pid: number): Promise<Gauges> {
  return {
    cpuSeconds: treeCpuSeconds(pid),
    backendRequests: bench.backendRequests(),
    counts: await counts(),
  };
}

/** Why the run does not count, or null. */
async function failureOf(
  result: PageResult | string,
  { client, bucket }: Stage,
  files: readonly BenchFile[],
): Promise<string | null> {
  if (typeof result === "string") return result;
  if (result.failure !== null) return result.failure;
  try {
    await verifyObjects(client, bucket, result.keys, files);
    return null;
  } catch (error) {
    return `WRONG: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function figuresOf(
  { durationMs, longTasksMs }: PageResult,
  before: Gauges,
  after: Gauges,
  memoryBytes: number,
  files: readonly BenchFile[],
): RunFigures {
  const fileBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return {
    seconds: durationMs / 1000,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    memoryBytes,
    backendRequests: after.backendRequests - before.backendRequests,
    storageRequests: requestsBetween(before.counts, after.counts),
    sentAgain:
      before.counts === null || after.counts === null
        ? null
        : (after.counts.transferBytes - before.counts.transferBytes) / fileBytes - 1,
    longTasksMs,
  };
}

function requestsBetween(before: LineCounts | null, after: LineCounts | null) {
  if (before === null || after === null) return null;
  const entries = Object.entries(after.requestsByMethod).map(
    ([method, count]) => [method, count - (before.requestsByMethod[method] ?? 0)] as const,
  );
  return Object.fromEntries(entries.filter(([, count]) => count > 0));
}
