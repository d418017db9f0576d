import type { RegisterState } from "./register-name.ts";

/** Whoever was heard of within this is sending, in milliseconds: a heartbeat a minute, of which two may be lost. */
const ALIVE_MS = 3 * 60_000;

/** Whoever was silent for longer has left, in milliseconds. */
const LEFT_MS = 24 * 60 * 60_000;

/** What the register last heard of an upload. */
export interface LastHeard {
  readonly state: RegisterState;
  readonly heardAt: Date;
}

/**
 * What is known of an upload's life; `unknown` without an entry.
 * @param nowMs by the clock that `heardAt` is by, in milliseconds since 1970
 */
export function livenessOf(
  last: LastHeard | undefined,
  nowMs: number,
): "uploading" | "paused" | "abandoned" | "unknown" {
  if (last === undefined) return "unknown";
  const silentMs = nowMs - last.heardAt.getTime();
  if (silentMs >= LEFT_MS) return "abandoned";
  return last.state === "open" && silentMs < ALIVE_MS ? "uploading" : "paused";
}
