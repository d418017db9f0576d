import { partRange } from "../../../shared/part-plan.ts";
import { backoffDelayMs, isPatienceOver } from "../../../shared/retry.ts";
import { callBackend } from "../backend/backend-call.ts";
import { checkFile, type FileSnapshot } from "../source/file-check.ts";
import type { PartFailures } from "./part-queue.ts";
import { TransferError, toTransferError, toUploadProblem } from "../problem.ts";
import { sendPart } from "./send-part.ts";
import { requestForPart, type Session } from "../session.ts";
import { waitReason, type SharedWork } from "../shared-work.ts";
import { partsToSign, WINDOW_PARTS } from "./signed-urls.ts";
import { stallLimitMs } from "./stall-watch.ts";

/** A file and what it was when it was chosen. */
export interface ChosenFile {
  readonly file: File;
  readonly snapshot: FileSnapshot;
}

/** What an upload hears of its requests. */
export interface SenderEvents {
  /** A request leaves. */
  started(): void;
  /** So many more bytes have left. */
  moved(bytes: number): void;
  /** The storage has one part more. */
  held(etag: string): void;
  /** A request has to be sent again, or the next try is put off. */
  again(): void;
  /** No more of this attempt: look again, or fail. */
  ended(error: TransferError): void;
}

/** Why nothing moves, and until when, in milliseconds since 1970. */
export interface Standstill {
  readonly until: number;
  readonly error: TransferError;
}

/** Refused signatures of one part in a row that a fresh one may still mend. */
const MAX_DENIALS = 3;

/** A first opaque failure may be a broken line, even where the storage answers a moment later. */
const FAILURES_BEFORE_CORS = 1;

/** The same where bytes left, as they do for a refused signature without CORS headers. */
const FAILURES_BEFORE_CORS_IF_SENT = 4;

/** Sends the parts of one session during one attempt; nothing of it outlives the signal. */
export class PartSender {
  readonly #session: Session;
  readonly #chosen: ChosenFile;
  readonly #work: SharedWork;
  readonly #signal: AbortSignal;
  readonly #events: SenderEvents;
  /** The request for URLs that is under way; with an error while it waits to be sent again. */
  #signing: { readonly retryAt: number; readonly error: TransferError | null } | null = null;
  #lastError: TransferError | null = null;

  constructor(
    session: Session,
    chosen: ChosenFile,
    work: SharedWork,
    signal: AbortSignal,
    events: SenderEvents,
  ) {
    this.#session = session;
    this.#chosen = chosen;
    this.#work = work;
    this.#signal = signal;
    this.#events = events;
  }

  /** The next request that may leave now; asks for more URLs in time. */
  next(now: number): (() => Promise<void>) | null {
    const upcoming = this.#session.parts.upcoming(WINDOW_PARTS);
    this.#refill(upcoming, now);
    const ready = this.#firstReady(upcoming, now);
    return ready ? () => this.#send(ready.partNumber, ready.url) : null;
  }

  /** Why nothing moves; null while something does, or could if there were a free connection. */
  standstill(now: number): Standstill | null {
    const { parts } = this.#session;
    if (parts.underWayCount > 0 || parts.isComplete) return null;
    const { circuit } = this.#work.storage;
    const error = this.#signing?.error ?? this.#lastError ?? circuit.error;
    if (error === null) return null;
    const upcoming = parts.upcoming(WINDOW_PARTS);
    if (circuit.blockedUntil > now) return { until: circuit.blockedUntil, error };
    if (this.#firstReady(upcoming, now)) return null;
    if (this.#signing?.error) return { until: this.#signing.retryAt, error };
    const until = this.wakeAt(now);
    return until === null ? null : { until, error };
  }

  /** When the first of the parts that wait may leave, in milliseconds since 1970. */
  wakeAt(now: number): number | null {
    const times = this.#session.parts
      .upcoming(WINDOW_PARTS)
      .map((partNumber) => this.#session.parts.failuresOf(partNumber).notBefore)
      .filter((notBefore) => notBefore > now);
    return times.length === 0 ? null : Math.min(...times);
  }

  #firstReady(upcoming: readonly number[], now: number) {
    // While the storage fails again and again and URLs are on their way, fresh parts would only
    // burn theirs.
    if (this.#signing !== null && this.#work.storage.circuit.failures > 1) return null;
    for (const partNumber of upcoming) {
      if (this.#session.parts.failuresOf(partNumber).notBefore > now) continue;
      const url = this.#session.urls.get(partNumber, now);
      if (url !== undefined) return { partNumber, url };
    }
    return null;
  }

  #refill(upcoming: readonly number[], now: number): void {
    if (this.#signing !== null) return;
    const { parts, urls } = this.#session;
    const missing = partsToSign(
      upcoming,
      (partNumber) => urls.get(partNumber, now) !== undefined,
      (partNumber) => parts.failuresOf(partNumber).count > 0,
    );
    if (missing.length > 0) void this.#sign(missing);
  }

  async #sign(partNumbers: readonly number[]): Promise<void> {
    const { api, clock } = this.#work;
    this.#signing = { retryAt: 0, error: null };
    try {
      const call = () => api.sign(this.#session.id, partNumbers, this.#signal);
      const signed = await callBackend(call, this.#work, {
        signal: this.#signal,
        onRetry: ({ error, delayMs }) => {
          this.#signing = { retryAt: clock.now() + delayMs, error: toTransferError(error) };
          this.#events.again();
        },
      });
      this.#session.urls.add(signed.parts, signed.expiresAt);
      this.#signing = null;
      this.#events.moved(0);
    } catch (error) {
      this.#signing = null;
      if (!this.#signal.aborted) this.#events.ended(toTransferError(error));
    }
  }

  async #send(partNumber: number, url: string): Promise<void> {
    const { transport, clock, storage, connectivity } = this.#work;
    const { parts } = this.#session;
    const startedAt = clock.now();
    let sentBytes = 0;
    parts.start(partNumber);
    this.#events.started();
    try {
      const sending = {
        request: requestForPart(this.#session, this.#chosen.file, partNumber, url),
        signal: this.#signal,
        stallLimitMs: () =>
          stallLimitMs(parts.failuresOf(partNumber).stalls, connectivity.isOnline()),
        onProgress: (bytes: number) => {
          if (this.#signal.aborted) return;
          sentBytes = bytes;
          this.#events.moved(parts.move(partNumber, bytes));
        },
      };
      const etag = await sendPart(sending, transport, clock);
      if (this.#signal.aborted) return;
      storage.succeeded();
      parts.hold(partNumber, etag);
      // Ten thousand parts are megabytes of URLs, and thousands of files stay in the list when done.
      this.#session.urls.drop(partNumber);
      this.#lastError = null;
      this.#events.held(etag);
    } catch (error) {
      if (this.#signal.aborted) return;
      await this.#failed(partNumber, url, toTransferError(error), { startedAt, sentBytes });
    }
  }

  async #failed(
    partNumber: number,
    url: string,
    seen: TransferError,
    { startedAt, sentBytes }: { startedAt: number; sentBytes: number },
  ): Promise<void> {
    const { storage, clock } = this.#work;
    const { parts, urls } = this.#session;
    const error = await this.#diagnose(partNumber, url, seen, sentBytes);
    if (this.#signal.aborted) return;
    // An expired URL answered without CORS headers looks like a broken line.
    if (error.remedy === "resign" || error.code === "storage-unreachable") urls.drop(partNumber);
    if (error.facts.s3Code !== undefined) storage.answered();
    const failures = this.#countFailure(parts.failuresOf(partNumber), error, clock.now());
    parts.giveBack(partNumber, failures);
    if (error.remedy === "retry" || error.code === "cors-blocked") {
      storage.failed({ error, retryAfterMs: error.facts.retryAfterMs ?? null, startedAt });
    }
    if (this.#isHopeless(failures, error, clock.now())) {
      this.#events.ended(error);
      return;
    }
    this.#lastError = error;
    this.#events.again();
  }

  #countFailure(before: PartFailures, error: TransferError, now: number): PartFailures {
    const count = before.count + 1;
    const delayMs = backoffDelayMs(count, this.#work.random, error.facts.retryAfterMs ?? null);
    // What fails without a network says nothing of the storage's health.
    const isFirst = before.count === 0 || !this.#work.connectivity.isOnline();
    return {
      count,
      firstAt: isFirst ? now : before.firstAt,
      notBefore: error.remedy === "retry" ? now + delayMs : now,
      stalls: error.facts.stalled === true ? before.stalls + 1 : before.stalls,
      denials: error.remedy === "resign" ? before.denials + 1 : 0,
    };
  }

  #isHopeless(failures: PartFailures, error: TransferError, now: number): boolean {
    if (error.remedy === "resign") return failures.denials >= MAX_DENIALS;
    if (error.remedy === "retry") return isPatienceOver(failures.count, now - failures.firstAt);
    return true;
  }

  /** An opaque failure may be the file, or CORS: both need a person, not another try. */
  async #diagnose(
    partNumber: number,
    url: string,
    error: TransferError,
    sentBytes: number,
  ): Promise<TransferError> {
    if (error.code !== "storage-unreachable" || error.facts.stalled === true) return error;
    const { file, snapshot } = this.#chosen;
    const { start } = partRange(this.#session.parts.plan, partNumber);
    const fileError = await checkFile(file, snapshot, start);
    if (fileError || !this.#mayBeCors(sentBytes)) return fileError ?? error;
    const answers = await this.#work.transport.answers(url, this.#signal).catch(() => false);
    return answers && !this.#work.storage.hasAnswered ? corsBlocked(error) : error;
  }

  #mayBeCors(sentBytes: number): boolean {
    const { storage, connectivity } = this.#work;
    const needed = sentBytes === 0 ? FAILURES_BEFORE_CORS : FAILURES_BEFORE_CORS_IF_SENT;
    return !storage.hasAnswered && connectivity.isOnline() && storage.opaqueCount >= needed;
  }
}

/** A standstill as the machine is told of it. */
export function describeStandstill({ until, error }: Standstill, work: SharedWork) {
  const reason = waitReason(error, work.connectivity);
  const retryAt = reason === "offline" ? null : until;
  return { reason, retryAt, problem: toUploadProblem(error) };
}

function corsBlocked(cause: TransferError): TransferError {
  const detail =
    "The storage answers, but its CORS rules do not let this page send to it or read its answers";
  return new TransferError("cors-blocked", "permanent", detail, { cause });
}
