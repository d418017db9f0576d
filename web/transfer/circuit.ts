import { backoffDelayMs } from "../../shared/retry.ts";
import type { UploadProblem, WaitReason } from "./upload-view.ts";

/**
 * A circuit breaker between all uploads and the storage, so that five thousand files do not each
 * find out by themselves that it is down; times in milliseconds since 1970.
 */
export interface Circuit {
  /** Failures in a row. */
  readonly failures: number;
  /** No request leaves before this. */
  readonly blockedUntil: number;
  readonly reason: WaitReason;
  readonly problem: UploadProblem | null;
}

/** A failure that says something about the storage as a whole. */
export interface StorageFailure {
  readonly reason: WaitReason;
  readonly problem: UploadProblem;
  readonly retryAfterMs: number | null;
  /** When the failed request left. */
  readonly startedAt: number;
}

/** Requests may leave. */
export const CLOSED_CIRCUIT: Circuit = {
  failures: 0,
  blockedUntil: 0,
  reason: "backoff",
  problem: null,
};

/** Opens the circuit for a while; failures of requests that left before that count once. */
export function breakCircuit(
  circuit: Circuit,
  failure: StorageFailure,
  now: number,
  random: () => number,
): Circuit {
  if (failure.startedAt < circuit.blockedUntil) return circuit;
  const failures = circuit.failures + 1;
  return {
    failures,
    blockedUntil: now + backoffDelayMs(failures, random, failure.retryAfterMs),
    reason: failure.reason,
    problem: failure.problem,
  };
}

/** A request succeeded; one that left before the circuit opened does not close it again. */
export function mendCircuit(circuit: Circuit, now: number): Circuit {
  return now < circuit.blockedUntil ? circuit : CLOSED_CIRCUIT;
}
