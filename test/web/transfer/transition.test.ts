import { describe, expect, it } from "vitest";
import {
  transition,
  type EventType,
  type Machine,
  type UploadEvent,
} from "../../../web/transfer/transition.ts";
import type { UploadState } from "../../../web/transfer/upload-view.ts";

const problem = { code: "internal", detail: "x" };
const receipt = { key: "k", sizeBytes: 1, etag: '"e"' };

const STATES: Record<UploadState["kind"], UploadState> = {
  queued: { kind: "queued" },
  opening: { kind: "opening" },
  uploading: { kind: "uploading" },
  waiting: { kind: "waiting", reason: "backoff", retryAt: 5 },
  paused: { kind: "paused" },
  completing: { kind: "completing" },
  done: { kind: "done", receipt },
  failed: { kind: "failed", problem },
  cancelled: { kind: "cancelled" },
};

type Bare<T> = T extends unknown ? Omit<T, "attempt"> : never;

const EVENTS: { [T in EventType]: Bare<Extract<UploadEvent, { type: T }>> } = {
  open: { type: "open" },
  "line-up": { type: "line-up" },
  send: { type: "send" },
  wait: { type: "wait", reason: "throttled", retryAt: 9 },
  complete: { type: "complete" },
  finish: { type: "finish", receipt },
  reopen: { type: "reopen" },
  fail: { type: "fail", problem },
  pause: { type: "pause" },
  resume: { type: "resume" },
  cancel: { type: "cancel" },
  retry: { type: "retry" },
};

/** State after each event; "=" is no change, "+" a new attempt. */
const TABLE: Record<UploadState["kind"], Record<EventType, string>> = {
  queued: row("opening = uploading = = = = failed+ paused+ = cancelled+ ="),
  opening: row("= queued uploading waiting completing = queued+ failed+ paused+ = cancelled+ ="),
  uploading: row("= = = waiting completing done queued+ failed+ paused+ = cancelled+ ="),
  waiting: row(
    "opening = uploading waiting completing done queued+ failed+ paused+ = cancelled+ =",
  ),
  paused: row("= = = = = = = = = queued+ cancelled+ ="),
  completing: row("= = = waiting = done queued+ failed+ = = cancelled+ ="),
  done: row("= = = = = = = = = = = ="),
  failed: row("= = = = = = = = = = cancelled+ queued+"),
  cancelled: row("= = = = = done = = = = = queued+"),
};

function row(text: string): Record<EventType, string> {
  const [open, lineUp, send, wait, complete, finish, reopen, fail, pause, resume, cancel, again] =
    text.split(" ");
  const cells = { open, send, wait, complete, finish, reopen, fail, pause, resume, cancel };
  const all = { ...cells, "line-up": lineUp, retry: again };
  for (const cell of Object.values(all)) if (cell === undefined) throw new Error(text);
  return all as Record<EventType, string>;
}

function keysOf<K extends string>(record: Record<K, unknown>): K[] {
  return Object.keys(record) as K[];
}

const PAIRS = keysOf(STATES).flatMap((kind) =>
  keysOf(EVENTS).map((type) => ({ kind, type, expected: TABLE[kind][type] })),
);

describe("transition", () => {
  it.each(PAIRS)("$kind on $type: $expected", ({ kind, type, expected }) => {
    const before: Machine = { attempt: 4, state: STATES[kind], stage: "uploading" };
    const after = transition(before, { ...EVENTS[type], attempt: 4 });
    if (expected === "=") {
      expect(after).toBe(before);
    } else {
      expect(after.state.kind).toBe(expected.replace("+", ""));
      expect(after.attempt).toBe(expected.endsWith("+") ? 5 : 4);
    }
  });

  it.each(PAIRS)("$kind ignores $type of another attempt", ({ kind, type }) => {
    const before: Machine = { attempt: 4, state: STATES[kind], stage: "uploading" };
    expect(transition(before, { ...EVENTS[type], attempt: 3 })).toBe(before);
    expect(transition(before, { ...EVENTS[type], attempt: 5 })).toBe(before);
  });

  it("carries reason, time, problem and receipt into the state", () => {
    const uploading: Machine = { attempt: 1, state: { kind: "uploading" }, stage: "uploading" };
    const wait = { type: "wait", reason: "offline", retryAt: null, problem, attempt: 1 } as const;
    expect(transition(uploading, wait).state).toEqual({
      kind: "waiting",
      reason: "offline",
      retryAt: null,
      problem,
    });
    expect(transition(uploading, { type: "fail", problem, attempt: 1 }).state).toEqual({
      kind: "failed",
      problem,
    });
    expect(transition(uploading, { type: "finish", receipt, attempt: 1 }).state).toEqual({
      kind: "done",
      receipt,
    });
  });

  it.each(["opening", "uploading", "completing"] as const)(
    "remembers %s while it waits",
    (stage) => {
      const busy: Machine = { attempt: 1, state: { kind: stage }, stage };
      const waiting = transition(busy, { ...EVENTS.wait, attempt: 1 });
      const stillWaiting = transition(waiting, { ...EVENTS.wait, retryAt: 99, attempt: 1 });
      expect([waiting.stage, stillWaiting.stage]).toEqual([stage, stage]);
      expect(transition(waiting, { type: "pause", attempt: 1 }).stage).toBeNull();
    },
  );

  it("stays the same object while it waits for the same thing", () => {
    const waiting: Machine = { attempt: 1, state: STATES.waiting, stage: "opening" };
    const event = { type: "wait", reason: "backoff", retryAt: 5, attempt: 1 } as const;
    expect(transition(waiting, event)).toBe(waiting);
  });
});
