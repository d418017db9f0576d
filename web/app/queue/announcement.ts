import type { UploadTotals } from "../../transfer/index.ts";
import { formatCount } from "../format/byte-size.ts";

/** What a screen reader has been told about, and what it is told next: counts, never percents. */
export type Tally = Pick<UploadTotals, "fileCount" | "countByState">;

/**
 * One polite sentence on what changed between two looks, or an empty one: many files are told together.
 * @param onlyName name of the file where there is just one
 */
export function announce(before: Tally, after: Tally, onlyName: string | null): string {
  const added = after.fileCount - before.fileCount;
  const done = after.countByState.done - before.countByState.done;
  const failed = after.countByState.failed - before.countByState.failed;
  const subject = (count: number) =>
    onlyName !== null && after.fileCount === 1 ? onlyName : files(count);
  const sentences = [
    added > 0 ? `${subject(added)} added.` : "",
    done > 0 ? `${subject(done)} uploaded.` : "",
    failed > 0 ? `${subject(failed)} failed.` : "",
    waitSentence(before, after),
    done > 0 && isOver(after) && after.fileCount > 1 ? overSentence(after) : "",
  ];
  return sentences.filter((sentence) => sentence !== "").join(" ");
}

/** Whether nothing is under way or waiting for its turn any more. */
export function isOver({ fileCount, countByState: count }: Tally): boolean {
  return fileCount > 0 && count.done + count.failed + count.cancelled === fileCount;
}

function overSentence(after: Tally): string {
  const { done, failed } = after.countByState;
  return failed > 0
    ? `All over: ${formatCount(done)} uploaded, ${formatCount(failed)} failed.`
    : "All uploads are done.";
}

function waitSentence(before: Tally, after: Tally): string {
  const stalled = (tally: Tally) =>
    tally.countByState.waiting > 0 && tally.countByState.uploading === 0;
  if (stalled(after) && !stalled(before)) return "Uploads are waiting and go on by themselves.";
  return stalled(before) && after.countByState.uploading > 0 ? "Uploads go on." : "";
}

function files(count: number): string {
  return count === 1 ? "1 file" : `${formatCount(count)} files`;
}
