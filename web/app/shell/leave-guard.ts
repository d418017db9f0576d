import type { UploadTotals } from "../../transfer/index.ts";

/**
 * Whether closing the tab deserves a question: something is under way or waits for its turn. Paused
 * uploads were put aside knowingly, and this browser remembers the parts that are there.
 */
export function isLossToLeave({ fileCount, countByState }: UploadTotals): boolean {
  const { paused, done, failed, cancelled } = countByState;
  return paused + done + failed + cancelled < fileCount;
}
