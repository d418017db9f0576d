import { backoffDelayMs, isPatienceOver } from "../../../shared/retry.ts";
import { TransferError } from "../problem.ts";
import type { SharedWork } from "../shared-work.ts";
import type { ByteSource } from "../source/byte-source.ts";
import type { PartFailures } from "./part-table.ts";

/** Refused signatures of one part in a row that a fresh one may still mend. */
const MAX_DENIALS = 3;

/** Answers in a row whose checksum is not ours: then it is no accident of the line. */
const MAX_MISMATCHES = 3;

/** A first opaque failure may be a broken line, even where the storage answers a moment later. */
const FAILURES_BEFORE_CORS = 1;

/** The same where bytes left, as they do for a refused signature without CORS headers. */
const FAILURES_BEFORE_CORS_IF_SENT = 4;

/**
 * Counts one more failure of a part.
 * @param isElsewhereBetter another origin works: no reason to wait
 */
export function countFailure(
  before: PartFailures,
  error: TransferError,
  isElsewhereBetter: boolean,
  { clock, random, connectivity }: SharedWork,
): PartFailures {
  const now = clock.now();
  const count = before.count + 1;
  const delayMs = backoffDelayMs(count, random, error.facts.retryAfterMs ?? null);
  // What fails without a network says nothing of the storage's health.
  const isFirst = before.count === 0 || !connectivity.isOnline();
  const mayWait = error.remedy === "retry" && !isElsewhereBetter;
  return {
    count,
    firstAt: isFirst ? now : before.firstAt,
    notBefore: mayWait ? now + delayMs : now,
    stalls: error.facts.stalled === true ? before.stalls + 1 : before.stalls,
    denials: error.remedy === "resign" ? before.denials + 1 : 0,
    mismatches: before.mismatches + (error.code === "checksum-mismatch" ? 1 : 0),
  };
}

/** Whether nothing more is to be hoped of this part. */
export function isHopeless(failures: PartFailures, error: TransferError, now: number): boolean {
  if (error.code === "checksum-mismatch") return failures.mismatches >= MAX_MISMATCHES;
  if (error.remedy === "resign") return failures.denials >= MAX_DENIALS;
  if (error.remedy === "retry") return isPatienceOver(failures.count, now - failures.firstAt);
  return true;
}

/** Broke half-way, as far as the browser has counted. */
export function isTorn(
  { sentBytes, sizeBytes }: { readonly sentBytes: number; readonly sizeBytes: number },
  { remedy, facts }: TransferError,
): boolean {
  return remedy === "retry" && facts.s3Code === undefined && sentBytes > 0 && sentBytes < sizeBytes;
}

/** What began in one request begins anew in parts, of which less is lost the next time. */
export function goesInParts(cause?: TransferError): TransferError {
  const detail = cause?.message ?? "The line is too slow for the whole file in one request";
  return new TransferError("needs-parts", "reopen", detail, { cause });
}

/** What arrived is not what was read. */
export function mismatch(partNumber: number, ours: string, theirs: string): TransferError {
  const detail = `Part ${partNumber} arrived with checksum ${theirs}, but was read as ${ours}`;
  return new TransferError("checksum-mismatch", "retry", detail);
}

/** A request whose answer could not be read. */
export interface OpaqueFailure {
  readonly error: TransferError;
  readonly url: string;
  readonly sentBytes: number;
  /** Where the part begins in its source. */
  readonly offset: number;
}

/** An opaque failure may be the file, or CORS: both need a person, not another try. */
export async function diagnose(
  { error, url, sentBytes, offset }: OpaqueFailure,
  source: ByteSource,
  work: SharedWork,
  signal: AbortSignal,
): Promise<TransferError> {
  if (error.code !== "storage-unreachable" || error.facts.stalled === true) return error;
  const fileError = await source.check(offset);
  if (fileError || !mayBeCors(sentBytes, work)) return fileError ?? error;
  const answers = await work.transport.answers(url, signal).catch(() => false);
  return answers && !work.storage.hasAnswered ? corsBlocked(error) : error;
}

function mayBeCors(sentBytes: number, { storage, connectivity }: SharedWork): boolean {
  const needed = sentBytes === 0 ? FAILURES_BEFORE_CORS : FAILURES_BEFORE_CORS_IF_SENT;
  return !storage.hasAnswered && connectivity.isOnline() && storage.opaqueCount >= needed;
}

function corsBlocked(cause: TransferError): TransferError {
  const detail =
    "The storage answers, but its CORS rules do not let this page send to it or read its answers";
  return new TransferError("cors-blocked", "permanent", detail, { cause });
}
