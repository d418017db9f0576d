import { formatBytes, formatCount, formatSpeed } from "../../format/byte-size.ts";
import type { RunCounts, RunOutcome } from "./run-messages.ts";

/** What there is to say of a query, as far as it is known. */
export interface RunFacts {
  readonly counts: RunCounts | null;
  readonly rowCount: number;
  readonly elapsedMs: number;
  /** Bytes that are to be read, at most. */
  readonly sizeBytes: number;
}

/** A term and what there is to say about it. */
export interface RunFact {
  readonly term: string;
  readonly text: string;
}

/** How far it is, from 0 to 1; a query with a LIMIT may end anywhere before. */
export function progressOf({ counts, sizeBytes }: RunFacts): number {
  if (counts === null || sizeBytes <= 0) return 0;
  return Math.min(1, counts.bytesScanned / sizeBytes);
}

/** Rows, bytes read and answered, time and speed. */
export function runFacts(facts: RunFacts): readonly RunFact[] {
  const { counts, rowCount, elapsedMs, sizeBytes } = facts;
  const scanned = counts?.bytesScanned ?? 0;
  const percent = Math.round(progressOf(facts) * 100);
  return [
    { term: "Rows", text: formatCount(rowCount) },
    {
      term: "Read",
      text:
        counts === null
          ? "–"
          : `${formatBytes(scanned)} of ${formatBytes(sizeBytes)} (${percent} %)`,
    },
    { term: "Answered", text: counts === null ? "–" : formatBytes(counts.bytesReturned) },
    { term: "Time", text: formatElapsed(elapsedMs) },
    { term: "Speed", text: formatSpeed(scanned / (elapsedMs / 1000)) || "–" },
  ];
}

/** A short span: `84 ms`, `1.2 s`, `2 min 5 s`. */
export function formatElapsed(elapsedMs: number): string {
  if (elapsedMs < 1000) return `${Math.round(elapsedMs)} ms`;
  const seconds = elapsedMs / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** How a query ended, in a word or two. */
export function outcomeText(outcome: RunOutcome): string {
  switch (outcome.kind) {
    case "done":
      return outcome.isCached ? "Done, from the cache" : "Done";
    case "stopped":
      return "Stopped";
    case "full":
      return "Full";
    case "failed":
      return "Failed";
  }
}
