import { backoffDelayMs } from "../../../shared/retry.ts";
import type { TransferError } from "../problem.ts";

/**
 * A circuit breaker between all uploads and the storage, so that five thousand files do not each
 * find out by themselves that it is down; times in milliseconds since 1970.
 */
export interface Circuit {
  /** Failures in a row. */
  readonly failures: number;
  /** No request leaves before this. */
  readonly blockedUntil: number;
  readonly error: TransferError | null;
}

/** A failure that says something about the storage as a whole. */
export interface StorageFailure {
  readonly error: TransferError;
  readonly retryAfterMs: number | null;
  /** When the failed request left. */
  readonly startedAt: number;
}

/** Requests may leave. */
export const CLOSED_CIRCUIT: Circuit = { failures: 0, blockedUntil: 0, error: null };

/**
 * Counts a failure, and opens the circuit for a while from the second in a row on: one of many
 * requests that fails says nothing about the others, unless it names a time. Those that left before it opened count once.
 */
export function breakCircuit(
  circuit: Circuit,
  { error, retryAfterMs, startedAt }: StorageFailure,
  now: number,
  random: () => number,
): Circuit {
  if (startedAt < circuit.blockedUntil) return circuit;
  const failures = circuit.failures + 1;
  if (failures === 1 && retryAfterMs === null) return { failures, blockedUntil: 0, error };
  return {
    failures,
    blockedUntil: now + backoffDelayMs(Math.max(1, failures - 1), random, retryAfterMs),
    error,
  };
}

/** A request succeeded; one that left before the circuit opened does not close it again. */
export function mendCircuit(circuit: Circuit, now: number): Circuit {
  return now < circuit.blockedUntil ? circuit : CLOSED_CIRCUIT;
}
