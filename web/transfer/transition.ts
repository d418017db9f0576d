import type { Receipt, UploadProblem, UploadState, WaitReason } from "./upload-view.ts";

/** What an upload is busy with, also while it waits. */
export type Stage = "opening" | "uploading" | "completing";

/** The state of one upload and the attempt that it belongs to. */
export interface Machine {
  /** From 1; grows whenever work under way is no longer wanted. */
  readonly attempt: number;
  readonly state: UploadState;
  /** Null where nothing is going on. */
  readonly stage: Stage | null;
}

/** What can happen to an upload. */
export type Happening =
  /** Its turn has come: it is opened, or looked up where it was opened before. */
  | { readonly type: "open" }
  /** Opened, and in line for a connection. */
  | { readonly type: "line-up" }
  /** Requests to the storage may go, or go again. */
  | { readonly type: "send" }
  /** Nothing moves until a time or an event. */
  | {
      readonly type: "wait";
      readonly reason: WaitReason;
      /** Milliseconds since 1970. */
      readonly retryAt: number | null;
      readonly problem?: UploadProblem;
    }
  /** Everything is at the storage. */
  | { readonly type: "complete" }
  | { readonly type: "finish"; readonly receipt: Receipt }
  /** The storage may no longer know what we know: line up and look. */
  | { readonly type: "reopen" }
  | { readonly type: "fail"; readonly problem: UploadProblem }
  | { readonly type: "pause" }
  | { readonly type: "resume" }
  | { readonly type: "cancel" }
  | { readonly type: "retry" };

/** Something that happened to one attempt of an upload. */
export type UploadEvent = Happening & { readonly attempt: number };

/** Every kind of event. */
export type EventType = Happening["type"];

type Kind = UploadState["kind"];

const ACTIVE: readonly Kind[] = ["opening", "uploading", "waiting", "completing"];

/** The states in which an event means something; in every other it changes nothing. */
const VALID_IN: Readonly<Record<EventType, readonly Kind[]>> = {
  open: ["queued", "waiting"],
  "line-up": ["opening"],
  send: ["queued", "opening", "waiting"],
  wait: ACTIVE,
  complete: ["opening", "uploading", "waiting"],
  // A cancelled upload may turn out to have been complete before the storage heard of it.
  finish: ["uploading", "waiting", "completing", "cancelled"],
  reopen: ACTIVE,
  fail: ["queued", ...ACTIVE],
  // Not while completing: there is nothing left to hold back.
  pause: ["queued", "opening", "uploading", "waiting"],
  resume: ["paused"],
  // A failed upload may still have parts at the storage.
  cancel: ["queued", ...ACTIVE, "paused", "failed"],
  retry: ["failed", "cancelled"],
};

/** Events that make what is under way stale. */
const NEW_ATTEMPT: ReadonlySet<EventType> = new Set([
  "reopen",
  "fail",
  "pause",
  "resume",
  "cancel",
  "retry",
]);

/** A new upload. */
export const INITIAL_MACHINE: Machine = { attempt: 1, state: { kind: "queued" }, stage: null };

/**
 * The state after `event`; the same object where the event is stale, means nothing here, or
 * changes nothing.
 */
export function transition(machine: Machine, event: UploadEvent): Machine {
  if (event.attempt !== machine.attempt) return machine;
  if (!VALID_IN[event.type].includes(machine.state.kind)) return machine;
  const state = stateAfter(event);
  if (isSameWait(machine.state, state)) return machine;
  const attempt = machine.attempt + (NEW_ATTEMPT.has(event.type) ? 1 : 0);
  return { attempt, state, stage: state.kind === "waiting" ? machine.stage : stageOf(state.kind) };
}

function stageOf(kind: Kind): Stage | null {
  return kind === "opening" || kind === "uploading" || kind === "completing" ? kind : null;
}

function stateAfter(event: UploadEvent): UploadState {
  switch (event.type) {
    case "open":
      return { kind: "opening" };
    case "send":
      return { kind: "uploading" };
    case "complete":
      return { kind: "completing" };
    case "wait": {
      const { reason, retryAt, problem } = event;
      return { kind: "waiting", reason, retryAt, ...(problem && { problem }) };
    }
    case "finish":
      return { kind: "done", receipt: event.receipt };
    case "fail":
      return { kind: "failed", problem: event.problem };
    case "pause":
      return { kind: "paused" };
    case "cancel":
      return { kind: "cancelled" };
    case "line-up":
    case "reopen":
    case "resume":
    case "retry":
      return { kind: "queued" };
  }
}

function isSameWait(before: UploadState, after: UploadState): boolean {
  return (
    before.kind === "waiting" &&
    after.kind === "waiting" &&
    before.reason === after.reason &&
    before.retryAt === after.retryAt
  );
}
