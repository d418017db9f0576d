import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { MIN_PART_SIZE_BYTES } from "../../../shared/limits.ts";
import { createBuckets } from "./buckets.ts";
import { openCatalogue, type Catalogue } from "../catalogue/catalogue.ts";
import { idRow } from "../catalogue/row-key.ts";
import { openContentFiles, type ContentFiles } from "../content/content-files.ts";
import { IngestThreads } from "../content/ingest.ts";
import type { EngineContext } from "./context.ts";
import type { Engine, EngineEvent, EngineOptions } from "../engine.ts";
import { lockDirectory } from "./lock.ts";
import { createObjects } from "./objects.ts";
import { sweep } from "./sweep.ts";
import { createUploads } from "./uploads.ts";

const HOUR_MS = 60 * 60 * 1000;

const RESTORE_MS = 10_000;

/** Enough to abort an upload of 10,000 parts. */
const RESERVE_SIZE_BYTES = 16 * 1024 * 1024;

/**
 * Opens the store in `options.directory`, and begins to collect what a crash left behind.
 * @throws Error where another process has it open or its format is unknown
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { directory, now = Date.now, onEvent = () => undefined } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const unlock = lockDirectory(directory);
  try {
    const catalogue = openCatalogue(directory, options.reserveSizeBytes ?? RESERVE_SIZE_BYTES);
    const onFault = (error: unknown): void =>
      onEvent({ kind: "fault", during: "removing content", error });
    const files = await openContentFiles(directory, onFault);
    const context: EngineContext = {
      catalogue,
      files,
      threads: new IngestThreads(options.ingestThreads ?? defaultThreadCount()),
      minPartSizeBytes: options.minPartSizeBytes ?? MIN_PART_SIZE_BYTES,
      restoreMs: options.restoreMs ?? RESTORE_MS,
      now,
    };
    return runningEngine(context, options.sweepIntervalMs ?? HOUR_MS, onEvent, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

function defaultThreadCount(): number {
  return Math.min(Math.max(availableParallelism(), 2), 4);
}

function runningEngine(
  context: EngineContext,
  sweepIntervalMs: number,
  onEvent: (event: EngineEvent) => void,
  unlock: () => void,
): Engine {
  const { catalogue, files, threads, now } = context;
  const closing = new AbortController();
  const collecting = collectOrphans(catalogue, files, closing.signal, onEvent);
  let sweeping: Promise<void> | undefined;
  const timer =
    sweepIntervalMs > 0 ? setInterval(sweepByItself, sweepIntervalMs).unref() : undefined;

  function sweepByItself(): void {
    sweeping ??= sweep(context, now(), closing.signal)
      .then((report) => onEvent({ kind: "swept", report }))
      .catch((error: unknown) => {
        if (!closing.signal.aborted) onEvent({ kind: "fault", during: "sweeping", error });
      })
      .finally(() => {
        sweeping = undefined;
      });
  }

  return {
    buckets: createBuckets(context),
    objects: createObjects(context),
    uploads: createUploads(context),
    sweep: (at = now(), signal) => sweep(context, at, signal),
    async close() {
      if (closing.signal.aborted) return;
      clearInterval(timer);
      closing.abort();
      await Promise.all([collecting, sweeping]);
      await threads.close();
      await catalogue.close();
      await files.idle();
      unlock();
    },
  };
}

async function collectOrphans(
  catalogue: Catalogue,
  files: ContentFiles,
  signal: AbortSignal,
  onEvent: (event: EngineEvent) => void,
): Promise<void> {
  const { contents } = catalogue.tables;
  try {
    const collected = await files.collectOrphans((id) => contents.doesExist(idRow(id)), signal);
    if (collected.fileCount > 0) onEvent({ kind: "orphans-collected", ...collected });
  } catch (error) {
    onEvent({ kind: "fault", during: "collecting orphans", error });
  }
}
