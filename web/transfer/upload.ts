import type { Checksum, CompleteUploadRequest, CompleteUploadResponse } from "../../shared/api.ts";
import type { RetryNotice } from "../../shared/retry.ts";
import { Beginning } from "./beginning.ts";
import { callBackend } from "./backend/backend-call.ts";
import { findStored, giveBack } from "./backend/give-back.ts";
import type { Opening } from "./backend/opener.ts";
import { describeCompletion, describeStored, receiptOf } from "./completing.ts";
import type { HashAlgorithm } from "./checksum/index.ts";
import { PartSender } from "./parts/part-sender.ts";
import type { PartAnswer } from "./parts/send-part.ts";
import { TransferError, toTransferError, toUploadProblem } from "./problem.ts";
import { takePicture } from "./progress/picture.ts";
import { Progress } from "./progress/progress.ts";
import type { Send } from "./schedule/pool.ts";
import type { Place, Scheduled } from "./schedule/schedule.ts";
import { endsSession, SecondChances, streamIsSpent } from "./second-chance.ts";
import { isMultipart, mayBeObject, type Session } from "./session.ts";
import type { SharedWork } from "./shared-work.ts";
import { hashAlgorithmOf, shipmentOf } from "./shipment.ts";
import type { Added } from "./source/added.ts";
import { describeStandstill } from "./standstill.ts";
import { INITIAL_MACHINE, transition, type Happening, type Machine } from "./transition.ts";
import type { UploadEvents } from "./upload-events.ts";
import type { UploadState, UploadView } from "./upload-view.ts";

/** One upload: its state, and the work that each state asks for. */
export class Upload implements Scheduled {
  readonly added: Added;
  readonly #work: SharedWork;
  readonly #events: UploadEvents;
  readonly #progress = new Progress();
  readonly #beginning: Beginning;
  #machine: Machine = INITIAL_MACHINE;
  /** Aborted when its attempt is over. */
  #attempt = new AbortController();
  #session: Session | null = null;
  #sender: PartSender | null = null;
  #retryCount = 0;
  readonly #chances = new SecondChances();
  #resumedBytes = 0;
  #startedAgain = false;
  #view: UploadView | null = null;

  constructor(added: Added, work: SharedWork, events: UploadEvents) {
    this.added = added;
    this.#work = work;
    this.#events = events;
    this.#beginning = new Beginning(added, work, {
      hasSession: () => this.#session !== null,
      began: (session, signal) => this.#began(session, signal),
      continues: (session, signal) => {
        this.#session = session;
        void this.#lookUp(session, signal);
      },
      waits: (notice) => this.#waitFor(notice),
      tries: () => this.#dispatch({ type: "open" }),
      moved: () => this.#moved(0),
      fails: (error) => this.#fail(error),
    });
  }

  get state(): UploadState {
    return this.#machine.state;
  }

  get place(): Place {
    const inParts = this.#session !== null && isMultipart(this.#session);
    const kind = inParts || this.added.expectsParts ? "multipart" : "single";
    // A single request needs no look at the storage: it goes on where it stands.
    if (this.state.kind === "queued") {
      return this.#session && !inParts ? `send-${kind}` : `open-${kind}`;
    }
    if (this.#machine.stage === "opening") return `opening-${kind}`;
    return this.#machine.stage === "uploading" ? `send-${kind}` : "none";
  }

  get session(): Session | null {
    return this.#session;
  }

  /** Requests that had to be sent again so far. */
  get retryCount(): number {
    return this.#retryCount;
  }

  get isReturning(): boolean {
    return this.#machine.attempt > 1;
  }

  get isSending(): boolean {
    return this.connections > 0;
  }

  /** Whether a second request for a part that lags may become worth it. */
  get isInTail(): boolean {
    return this.#sender?.isInTail ?? false;
  }

  /** Requests under way. */
  get connections(): number {
    return this.#sender?.flightCount ?? 0;
  }

  get sizeBytes(): number {
    return this.added.source.sizeBytes;
  }

  get sentBytes(): number {
    if (this.state.kind === "done") return this.sizeBytes;
    return this.#session?.parts.sentBytes ?? 0;
  }

  get resumedBytes(): number {
    return this.#resumedBytes;
  }

  /** Began anew by itself, because the storage no longer knew it. */
  get startedAgain(): boolean {
    return this.#startedAgain;
  }

  get view(): UploadView {
    this.#view ??= takePicture(this, this.#progress, this.#work.clock.now());
    return this.#view;
  }

  /**
   * Its turn to be opened; answers what the opener needs, or null where it goes on by itself.
   * @param share connections that it can count on, at least 1
   */
  open(share: number): Opening | null {
    this.#dispatch({ type: "open" });
    const { signal } = this.#attempt;
    if (this.#session !== null) {
      void this.#lookUp(this.#session, signal);
      return null;
    }
    return this.#beginning.start(signal, share);
  }

  /**
   * The next request that may leave now.
   * @param share connections that it can count on, at least 1
   */
  next(now: number, share: number): Send | null {
    return this.#senderOfAttempt()?.next(now, share) ?? null;
  }

  /** What can be done before its turn comes; null where nothing is left. */
  preparation(): (() => void) | null {
    return this.#senderOfAttempt()?.preparation() ?? null;
  }

  /** A second request for a part that lags. */
  hedge(now: number): Send | null {
    return this.#sender?.hedge(now) ?? null;
  }

  /** Brings the state in line with whether anything moves; answers when to look again. */
  settle(now: number): number | null {
    const sender = this.#sender;
    const standstill = sender?.standstill(now) ?? null;
    if (standstill && this.#machine.stage === "uploading") {
      this.#progress.reset();
      this.#dispatch({ type: "wait", ...describeStandstill(standstill, this.#work) });
    }
    return sender?.wakeAt(now) ?? null;
  }

  /** Marks the picture as old, because time has passed. */
  touch(): void {
    this.#view = null;
  }

  pause(): void {
    this.#dispatch({ type: "pause" });
  }

  resume(): void {
    this.#dispatch({ type: "resume" });
  }

  /** What waits, waits no longer. */
  wake(): void {
    this.#session?.parts.forgetFailures();
  }

  /** The machine slept until now: what was under way is most likely dead. */
  woke(now: number): void {
    this.#sender?.woke(now);
  }

  /** Starts over what failed or was cancelled. */
  retry(): void {
    const { state } = this;
    this.#chances.reset();
    const isSingle = this.#session === null || !isMultipart(this.#session);
    if (state.kind === "failed" && (isSingle || endsSession(state.problem.code)))
      this.#dropSession();
    this.#dispatch({ type: "retry" });
  }

  /**
   * Stops, and gives back what the storage holds; resolves when that is done or was given up. Where
   * the storage had everything already, the upload ends as done after all.
   */
  async cancel(): Promise<void> {
    const mayBeStored =
      this.#session !== null &&
      mayBeObject(this.#session, this.#machine.stage, this.added.options.ifExists);
    if (!this.#dispatch({ type: "cancel" })) return;
    const { signal } = this.#attempt;
    // Opened by a request that is still under way: its answer is given back when it comes.
    await this.#beginning.settled();
    const session = signal.aborted ? null : this.#takeSession();
    if (session === null) return;
    const stored = mayBeStored ? await findStored(session, this.#work) : null;
    if (stored && !signal.aborted) this.#dispatch({ type: "finish", receipt: stored });
    else await giveBack({ id: session.id, isMultipart: isMultipart(session) }, this.#work);
  }

  /** Stops for good; the storage keeps what it has. */
  close(): void {
    this.#attempt.abort(stopped());
  }

  #takeSession(): Session | null {
    const session = this.#session;
    this.#session = null;
    this.#view = null;
    if (session) this.#events.sessionDropped(this, session);
    return session;
  }

  #dispatch(happening: Happening): boolean {
    const before = this.#machine;
    this.#machine = transition(before, { ...happening, attempt: before.attempt });
    if (this.#machine === before) return false;
    if (this.#machine.attempt !== before.attempt) this.#endAttempt();
    this.#view = null;
    this.#events.stateChanged(this);
    return true;
  }

  #endAttempt(): void {
    this.#attempt.abort(stopped());
    this.#attempt = new AbortController();
    this.#session?.parts.giveBackAll();
    this.#sender = null;
    this.#progress.reset();
  }

  /** Opened, perhaps for an attempt that is over. */
  #began(session: Session, signal: AbortSignal): void {
    this.#session = session;
    this.#view = null;
    this.#events.partsChanged(this);
    if (!signal.aborted) this.#dispatch({ type: isMultipart(session) ? "send" : "line-up" });
    // Paused meanwhile, and perhaps resumed: its place in the schedule may be another now.
    else this.#events.stateChanged(this);
  }

  async #lookUp(session: Session, signal: AbortSignal): Promise<void> {
    const call = () => this.#work.api.list(session.id, signal);
    const listed = await this.#ask(call, { type: "open" }, signal);
    if (listed === null) return;
    if (listed.state === "gone") {
      this.#ended(new TransferError("upload-gone", "reopen", "The storage lost this upload"));
      return;
    }
    const { source } = this.added;
    if (listed.state === "open") {
      session.parts.reconcile(listed.parts);
      if (!this.isReturning) this.#resumedBytes = session.parts.heldBytes;
      this.#events.partsChanged(this);
    }
    const isComplete = session.parts.isComplete && source.isSizeKnown;
    if (listed.state === "open" && !isComplete) this.#dispatch({ type: "send" });
    else await this.#complete(session, signal);
  }

  async #complete(session: Session, signal: AbortSignal): Promise<void> {
    this.#dispatch({ type: "complete" });
    const { source } = this.added;
    if (isMultipart(session) && session.parts.isComplete) {
      // Parts of two versions of a file must not become one object.
      const changed = await source.check(Math.max(0, source.sizeBytes - 1));
      if (signal.aborted) return;
      if (changed) return this.#fail(changed);
    }
    try {
      const { request, computed } = await describeCompletion(
        shipmentOf(session, this.added, this.#work),
        signal,
      );
      if (signal.aborted) return;
      const call = () => this.#completeOnce(session, request);
      const answer = await this.#ask(call, { type: "complete" }, signal);
      if (answer) this.#finish(answer, computed);
    } catch (error) {
      if (!signal.aborted) this.#fail(toTransferError(error));
    }
  }

  /** Not stopped with its attempt: the storage goes on all the same, and its answer still counts. */
  async #completeOnce(session: Session, request: CompleteUploadRequest) {
    const { attempt } = this.#machine;
    const answer = await this.#work.api.complete(session.id, request, this.#work.signal);
    const isCancelled = this.state.kind === "cancelled" && this.#machine.attempt === attempt + 1;
    if (isCancelled) this.#dispatch({ type: "finish", receipt: answer });
    return answer;
  }

  #finish(answer: CompleteUploadResponse, computed: Checksum | null): void {
    if (!this.#dispatch({ type: "finish", receipt: receiptOf(answer, computed) })) return;
    this.#sender = null;
    // Thousands of them stay in the list; of parts, the page goes on showing how they went.
    if (this.#session && !isMultipart(this.#session)) this.#session = null;
  }

  /** Asks the backend until it answers; null where the attempt ended, or ends by what it said. */
  async #ask<T>(call: () => Promise<T>, again: Happening, signal: AbortSignal): Promise<T | null> {
    try {
      const answer = await callBackend(call, this.#work, {
        signal,
        onRetry: (notice) => this.#waitFor(notice),
        onResume: () => this.#dispatch(again),
      });
      return signal.aborted ? null : answer;
    } catch (error) {
      if (!signal.aborted) this.#ended(toTransferError(error));
      return null;
    }
  }

  #waitFor({ error, delayMs }: RetryNotice): void {
    this.#retryCount += 1;
    const until = this.#work.clock.now() + delayMs;
    const standstill = { until, error: toTransferError(error) };
    this.#dispatch({ type: "wait", ...describeStandstill(standstill, this.#work) });
  }

  #senderOfAttempt(): PartSender | null {
    const session = this.#session;
    if (session === null || !this.place.startsWith("send")) return null;
    if (this.#sender) return this.#sender;
    const { signal } = this.#attempt;
    const shipment = shipmentOf(session, this.added, this.#work);
    this.#sender = new PartSender(shipment, this.#work, signal, {
      started: () => {
        this.#dispatch({ type: "send" });
        this.#events.partsChanged(this);
      },
      moved: (bytes) => this.#moved(bytes),
      held: (answer) => this.#held(session, answer, signal),
      again: () => this.#again(),
      hedged: () => this.#events.hedged(),
      ended: (error) => this.#ended(error),
    });
    return this.#sender;
  }

  /** Of our own checksums; null where none are made. */
  get algorithm(): HashAlgorithm | null {
    return hashAlgorithmOf(this.added, this.#work);
  }

  #moved(bytes: number): void {
    this.#view = null;
    if (bytes > 0) this.#progress.moved(bytes, this.#work.clock.now());
    this.#events.progressed(this, bytes);
  }

  #again(): void {
    this.#retryCount += 1;
    this.#moved(0);
  }

  #held(session: Session, answer: PartAnswer | null, signal: AbortSignal): void {
    this.#chances.partArrived();
    this.#moved(0);
    this.#events.partsChanged(this);
    if (!session.parts.isComplete || !this.added.source.isSizeKnown) return;
    if (isMultipart(session)) void this.#complete(session, signal);
    else if (answer) {
      const { receipt, computed } = describeStored(session, answer, this.algorithm);
      this.#finish(receipt, computed);
    }
  }

  #ended(error: TransferError): void {
    const session = this.#session;
    const step = this.#chances.next(error, {
      stage: this.#machine.stage,
      session: session === null ? "none" : isMultipart(session) ? "multipart" : "single",
      startCount: session?.parts.startCount ?? 0,
      ifExists: this.added.options.ifExists ?? "rename",
    });
    if (step === "fail") return this.#fail(error);
    if (step === "confirm") return void (session && this.#complete(session, this.#attempt.signal));
    this.#retryCount += 1;
    if (step === "look") return void this.#dispatch({ type: "reopen" });
    if (step === "other-key") this.#dropSession();
    else this.#noteLoss(this.#takeSession());
    this.#startOver(error);
  }

  /** What was sent of it is lost, and that is worth a word. */
  #noteLoss(session: Session | null): void {
    if (session === null || !isMultipart(session)) return;
    this.#startedAgain = session.parts.startCount + session.parts.heldBytes > 0;
    this.#resumedBytes = 0;
  }

  /** Forgets the session; what the storage still holds of it is of no use to anybody. */
  #dropSession(): void {
    const session = this.#takeSession();
    if (session) void giveBack({ id: session.id, isMultipart: isMultipart(session) }, this.#work);
  }

  /** From the first byte on, if it can be had again. */
  #startOver(error: TransferError): void {
    if (this.added.source.rewind()) this.#dispatch({ type: "reopen" });
    else this.#fail(streamIsSpent(error));
  }

  #fail(error: TransferError): void {
    this.#dispatch({ type: "fail", problem: toUploadProblem(error) });
  }
}

function stopped(): DOMException {
  return new DOMException("This attempt is over", "AbortError");
}
