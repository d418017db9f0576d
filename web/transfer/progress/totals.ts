import type { Progress } from "./progress.ts";
import type { UploadState, UploadTotals } from "../upload-view.ts";

/** What totals need of an upload. */
export interface Countable {
  readonly state: UploadState;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly retryCount: number;
}

/** What is known of the line and of the way there. */
export type LineTotals = Pick<
  UploadTotals,
  "connections" | "connectionLimit" | "origins" | "route" | "hedgeCount" | "sleptMs"
>;

const NONE: UploadTotals["countByState"] = {
  queued: 0,
  opening: 0,
  uploading: 0,
  waiting: 0,
  paused: 0,
  completing: 0,
  done: 0,
  failed: 0,
  cancelled: 0,
};

/** Adds up all uploads; cancelled ones count as files but not as bytes, failed ones not as time. */
export function addUp(
  uploads: Iterable<Countable>,
  progress: Progress,
  now: number,
  line: LineTotals,
): UploadTotals {
  const countByState = { ...NONE };
  let fileCount = 0;
  let sizeBytes = 0;
  let sentBytes = 0;
  let bytesLeft = 0;
  let retryCount = 0;
  for (const upload of uploads) {
    const { kind } = upload.state;
    fileCount += 1;
    retryCount += upload.retryCount;
    countByState[kind] += 1;
    if (kind === "cancelled") continue;
    sizeBytes += upload.sizeBytes;
    sentBytes += upload.sentBytes;
    if (kind !== "failed" && kind !== "paused") bytesLeft += upload.sizeBytes - upload.sentBytes;
  }
  const isMoving = line.connections > 0;
  return {
    fileCount,
    countByState,
    sizeBytes,
    sentBytes,
    bytesPerSecond: isMoving ? progress.bytesPerSecond(now) : 0,
    secondsLeft: isMoving ? progress.secondsLeft(bytesLeft, now) : null,
    retryCount,
    ...line,
  };
}
