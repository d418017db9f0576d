import type { UploadTotals } from "../../transfer/index.ts";
import { formatBytes, formatCount, formatSpeed, percentOf } from "../format/byte-size.ts";
import { formatTimeLeft } from "../format/duration.ts";
import { isOver } from "./announcement.ts";

/** What goes on, all in all, in a few words. */
export function headline(totals: UploadTotals): string {
  const count = totals.countByState;
  if (isOver(totals)) return overHeadline(totals);
  if (count.uploading + count.completing > 0) return "Uploading";
  if (count.waiting > 0) return "Waiting";
  if (count.opening > 0) return "Getting ready";
  return count.queued > 0 ? "In the queue" : "Paused";
}

/** The figures beside it; those that say nothing at the moment are left out. */
export function facts(totals: UploadTotals): string[] {
  const { done, cancelled } = totals.countByState;
  const files = totals.fileCount - cancelled;
  const over = isOver(totals);
  if (files === 0) return [cancelled === 1 ? "1 file" : `${formatCount(cancelled)} files`];
  return [
    `${formatCount(done)} of ${formatCount(files)} ${files === 1 ? "file" : "files"}`,
    `${formatBytes(totals.sentBytes)} of ${formatBytes(totals.sizeBytes)}`,
    over ? "" : formatSpeed(totals.bytesPerSecond),
    over ? "" : formatTimeLeft(totals.secondsLeft),
  ].filter((fact) => fact !== "");
}

/**
 * How far everything is, in whole percent. Empty files have no bytes to count: once all is over
 * they are there; where all was cancelled, nothing is.
 */
export function totalPercent(totals: UploadTotals): number {
  const { failed, done } = totals.countByState;
  if (isOver(totals) && failed === 0) return done > 0 ? 100 : 0;
  return percentOf(totals.sentBytes, totals.sizeBytes);
}

/** How many uploads a person could still stop. */
export function unfinishedCount({ countByState: count }: UploadTotals): number {
  return (
    count.queued + count.opening + count.uploading + count.waiting + count.paused + count.completing
  );
}

function overHeadline({ countByState: count }: UploadTotals): string {
  if (count.failed + count.cancelled === 0) return "All done";
  if (count.failed + count.done === 0) return "Cancelled";
  const kinds = ["done", "failed", "cancelled"] as const;
  return kinds
    .filter((kind) => count[kind] > 0)
    .map((kind) => `${formatCount(count[kind])} ${kind}`)
    .join(", ");
}
