import {
  MAX_UPLOADS_PER_LOOK,
  MAX_UPLOADS_PER_PAGE,
  type HeldPartsResults,
  type IncompleteUpload,
  type LifecycleResponse,
} from "../../../../../shared/admin-api.ts";
import { partsCostUsdPerMonth } from "../../../../../shared/cost.ts";
import { abortDueMs, type AbortRule } from "../../../../../shared/lifecycle.ts";
import { tryAgain, type WaitPorts } from "../../uploads/try-again.ts";
import type { UploadsApi } from "../../uploads/uploads-api.ts";
import { createSoonest } from "./soonest.ts";

/** An upload that its owner may still want, and that the rule would end. */
export interface Endangered {
  readonly key: string;
  readonly uploadId: string;
  /** `recent`: nobody knows whose it is, and a part came within the last day. */
  readonly life: "uploading" | "paused" | "recent";
  readonly owner: string | null;
  /** Milliseconds since 1970. */
  readonly initiatedAtMs: number;
  /** When the rule would end it; what lies behind us: at S3's next run, within a day. */
  readonly endsAtMs: number;
}

/** What a rule would do to the uploads that are there now. */
export interface Simulation {
  readonly days: number;
  readonly nowMs: number;
  /** Uploads that were looked at. */
  readonly listed: number;
  /** That would end at once, and that no other rule ends. */
  readonly dueCount: number;
  /** Of those, how many could be measured; the next two figures are of them alone. */
  readonly measured: number;
  readonly freedBytes: number;
  readonly savedUsdPerMonth: number;
  /** Of those that would end at once: not opened by this server, so that nobody knows their life. */
  readonly dueUnknown: number;
  /** Ends later than today because of the rule. */
  readonly laterCount: number;
  /** Milliseconds since 1970; infinite where nothing ends later. */
  readonly nextEndMs: number;
  readonly endangeredCount: number;
  /** The first of them to end, at most `MAX_NAMED`. */
  readonly endangered: readonly Endangered[];
  /** `register`: the storage lists uploads by exact key alone, so that only ours were seen. */
  readonly source: "storage" | "register";
}

/** Uploads in danger that are named. */
export const MAX_NAMED = 100;

/** Uploads that are measured: a request of S3 each. */
const MAX_MEASURED = 20_000;

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a simulation works with. */
export interface SimulationPorts extends WaitPorts {
  readonly api: Pick<UploadsApi, "list" | "look">;
  readonly onProgress: (simulation: Simulation) => void;
}

/** Rules of the bucket that end incomplete uploads, ours left out. */
export function otherAbortRules(lifecycle: LifecycleResponse): readonly AbortRule[] {
  return lifecycle.rules.flatMap(({ enabled, ours, prefix, abortIncompleteAfterDays: days }) =>
    enabled && !ours && days !== undefined ? [{ prefix, days }] : [],
  );
}

/**
 * Reads all incomplete uploads, page by page, and adds up what a rule for the whole bucket would do to them;
 * holds one page at a time. Changes nothing.
 * @param days 1 and more
 * @param others rules that end uploads all the same
 * @throws BackendError; the signal's reason
 */
export async function simulateAbortRule(
  days: number,
  others: readonly AbortRule[],
  ports: SimulationPorts,
  signal: AbortSignal,
): Promise<Simulation> {
  const tally = createTally(days, others, ports.now());
  const list = (cursor: string | null) =>
    tryAgain(
      () => ports.api.list({ prefix: "", limit: MAX_UPLOADS_PER_PAGE, cursor }, signal),
      signal,
      ports,
    );
  for (let page = await list(null); ; page = await list(page.nextCursor)) {
    tally.from(page.source);
    const due = page.uploads.filter((upload) => tally.add(upload));
    ports.onProgress(tally.result());
    await measure(due, tally, ports, signal);
    if (page.nextCursor === null) return tally.result();
  }
}

async function measure(
  due: readonly IncompleteUpload[],
  tally: Tally,
  ports: SimulationPorts,
  signal: AbortSignal,
): Promise<void> {
  for (let start = 0; start < due.length; start += MAX_UPLOADS_PER_LOOK) {
    if (tally.result().measured >= MAX_MEASURED) return;
    const some = due.slice(start, start + MAX_UPLOADS_PER_LOOK);
    const addresses = some.map(({ key, uploadId }) => ({ key, uploadId }));
    const { results } = await tryAgain(() => ports.api.look(addresses, signal), signal, ports);
    for (const [index, upload] of some.entries()) {
      const held = results[index];
      if (held) tally.measure(upload, held);
    }
    ports.onProgress(tally.result());
  }
}

type Held = HeldPartsResults["results"][number];
type Tally = ReturnType<typeof createTally>;

function createTally(days: number, others: readonly AbortRule[], nowMs: number) {
  const soonest = createSoonest<Endangered>(MAX_NAMED, ({ endsAtMs }) => endsAtMs);
  const all = [...others, { prefix: "", days }];
  let source: Simulation["source"] = "storage";
  const sums = {
    listed: 0,
    dueCount: 0,
    measured: 0,
    freedBytes: 0,
    savedUsdPerMonth: 0,
    dueUnknown: 0,
    laterCount: 0,
    nextEndMs: Infinity,
    endangeredCount: 0,
  };

  function endanger(upload: IncompleteUpload, life: Endangered["life"]) {
    const { key, uploadId, owner = null } = upload;
    const initiatedAtMs = Date.parse(upload.initiatedAt);
    const endsAtMs = abortDueMs(all, { key, initiatedAtMs }) ?? Infinity;
    sums.endangeredCount += 1;
    soonest.add({ key, uploadId, life, owner, initiatedAtMs, endsAtMs });
  }

  return {
    from(listedFrom: Simulation["source"]) {
      source = listedFrom;
    },
    /** @returns whether it would end at once */
    add(upload: IncompleteUpload): boolean {
      sums.listed += 1;
      const at = { key: upload.key, initiatedAtMs: Date.parse(upload.initiatedAt) };
      const endsAtMs = abortDueMs(all, at) ?? Infinity;
      const anywayMs = abortDueMs(others, at) ?? Infinity;
      // Another rule ends it as soon: this one would change nothing for it.
      if (anywayMs <= Math.max(endsAtMs, nowMs)) return false;
      const { liveness } = upload;
      if (liveness === "uploading" || liveness === "paused") endanger(upload, liveness);
      if (endsAtMs > nowMs) {
        sums.laterCount += 1;
        sums.nextEndMs = Math.min(sums.nextEndMs, endsAtMs);
        return false;
      }
      sums.dueCount += 1;
      if (liveness === "unknown") sums.dueUnknown += 1;
      return true;
    },
    measure(upload: IncompleteUpload, held: Held) {
      if (held.state === "failed") return;
      sums.measured += 1;
      if (held.state === "gone") return;
      sums.freedBytes += held.sizeBytes;
      sums.savedUsdPerMonth += partsCostUsdPerMonth(held.sizeBytes, upload.storageClass);
      const lastPartMs = held.lastPartAt === null ? -Infinity : Date.parse(held.lastPartAt);
      if (upload.liveness === "unknown" && nowMs - lastPartMs < DAY_MS) endanger(upload, "recent");
    },
    result: (): Simulation => ({ days, nowMs, ...sums, endangered: soonest.items(), source }),
  };
}
