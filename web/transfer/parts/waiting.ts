import type { TransferError } from "../problem.ts";
import type { Session } from "../session.ts";
import type { ByteSource } from "../source/byte-source.ts";

/** Why nothing moves, and until when, in milliseconds since 1970. */
export interface Standstill {
  readonly until: number;
  readonly error: TransferError;
}

/** What keeps requests from leaving. */
export interface Obstacles {
  /** URLs are asked for again then. */
  readonly wait: { readonly error: TransferError; readonly retryAt: number } | null;
  readonly lastError: TransferError | null;
  /** Of the storage. */
  readonly circuit: { readonly error: TransferError | null; readonly blockedUntil: number };
}

/** Why nothing of a session moves; null while something does, or could if there were a free connection. */
export function standstillOf(
  session: Session,
  { isSizeKnown }: ByteSource,
  { wait, lastError, circuit }: Obstacles,
  now: number,
): Standstill | null {
  const { parts } = session;
  const error = wait?.error ?? lastError ?? circuit.error;
  if (error === null || parts.underWayCount > 0) return null;
  if (parts.isComplete && isSizeKnown) return null;
  if (circuit.blockedUntil > now) return { until: circuit.blockedUntil, error };
  if (wait) return { until: wait.retryAt, error };
  if (parts.hasUnassigned || hasReady(session, now)) return null;
  const until = wakeAtOf(session, now);
  return until === null ? null : { until, error };
}

/** When the first of the parts that wait may leave, in milliseconds since 1970. */
export function wakeAtOf({ parts }: Session, now: number): number | null {
  if (!parts.hasFailures) return null;
  const times = [...parts.returned]
    .map((partNumber) => parts.failuresOf(partNumber).notBefore)
    .filter((notBefore) => notBefore > now);
  return times.length === 0 ? null : Math.min(...times);
}

function hasReady({ parts, urls }: Session, now: number): boolean {
  return [...parts.returned].some(
    (partNumber) =>
      parts.failuresOf(partNumber).notBefore <= now && urls.get(partNumber, now) !== undefined,
  );
}
