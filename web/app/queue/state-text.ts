import type { UploadState, UploadView } from "../../transfer/index.ts";
import { formatBytes, formatCount, formatSpeed, percentOf } from "../format/byte-size.ts";
import { formatDuration, formatTimeLeft } from "../format/duration.ts";
import { describeFailure } from "../remedy/problem-text.ts";

type Waiting = Extract<UploadState, { kind: "waiting" }>;

/** The state in one or two words; never colour alone says it. */
export const STATE_LABELS: Readonly<Record<UploadState["kind"], string>> = {
  queued: "In the queue",
  opening: "Getting ready",
  uploading: "Uploading",
  waiting: "Waiting",
  paused: "Paused",
  completing: "Putting the parts together",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

/**
 * The line under a name: the state in words, then what matters in it.
 * @param now in milliseconds since 1970, for the seconds until the next try
 */
export function describeState(view: UploadView, now: number): string {
  const { state } = view;
  if (state.kind === "uploading") return join("Uploading", pace(view));
  if (state.kind === "waiting") return describeWait(state, now);
  if (state.kind === "failed") return describeFailure(state.problem).sentence;
  return STATE_LABELS[state.kind];
}

/** Why an upload stands still and what happens next, in a sentence or two. */
export function describeWait(state: Waiting, now: number): string {
  if (state.reason === "offline") return "You are offline. Goes on by itself.";
  const next =
    state.retryAt === null
      ? "Goes on by itself."
      : `Next try in ${formatDuration(Math.max(1, (state.retryAt - now) / 1000))}.`;
  if (state.reason === "throttled") return `The storage asks to slow down. ${next}`;
  return `${silentSide(state)} ${next}`;
}

/** How much of it was sent: `7.7 GB of 18.4 GB`, `1.2 GB so far` of a stream, its size once it is over. */
export function describeSize(view: UploadView): string {
  const { state, sentBytes, sizeBytes, isSizeKnown } = view;
  const isOver = state.kind === "done" || state.kind === "failed" || state.kind === "cancelled";
  if (!isSizeKnown) return `${formatBytes(sentBytes)} so far`;
  if (isOver || sentBytes === 0) return formatBytes(sizeBytes);
  return `${formatBytes(sentBytes)} of ${formatBytes(sizeBytes)}`;
}

/** How many parts are at the storage of those that were cut so far; empty where there are none. */
export function describeParts({ parts }: UploadView): string {
  if (parts.length === 0) return "";
  const held = parts.filter((mark) => mark === 3).length;
  return `${formatCount(held)} of ${formatCount(parts.length)} parts there`;
}

/** Where an earlier visit's upload went on: `went on at 63 %`; empty for one that began here. */
export function describeResume({ resumedBytes, sizeBytes }: UploadView): string {
  return resumedBytes === 0 ? "" : `went on at ${percentOf(resumedBytes, sizeBytes)} %`;
}

function silentSide(state: Waiting): string {
  switch (state.problem?.code) {
    case "server-unreachable":
    case "shutting-down":
    case "internal":
      return "The server does not answer.";
    case "storage-error":
      return "The storage reported an error.";
    default:
      return "The storage does not answer.";
  }
}

function pace(view: UploadView): string {
  return join(formatSpeed(view.bytesPerSecond), formatTimeLeft(view.secondsLeft));
}

function join(...texts: string[]): string {
  return texts.filter((text) => text !== "").join(" · ");
}
