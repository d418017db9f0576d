import type { CompleteUploadRequest } from "../../shared/api.ts";
import type { RetryNotice } from "../../shared/retry.ts";
import { describeFile, type AddedFile } from "./source/added-file.ts";
import { callBackend } from "./backend/backend-call.ts";
import { checkFile } from "./source/file-check.ts";
import { findStored, giveBack } from "./backend/give-back.ts";
import type { Opening } from "./backend/opener.ts";
import { describeStandstill, PartSender } from "./parts/part-sender.ts";
import { TransferError, toTransferError, toUploadProblem } from "./problem.ts";
import { takePicture } from "./progress/picture.ts";
import { Progress } from "./progress/progress.ts";
import type { Place, Scheduled } from "./schedule/schedule.ts";
import { openSession, type Session } from "./session.ts";
import type { SharedWork } from "./shared-work.ts";
import { INITIAL_MACHINE, transition, type Happening, type Machine } from "./transition.ts";
import type { Opened } from "./backend/upload-api.ts";
import type { Receipt, UploadState, UploadView } from "./upload-view.ts";

/** What an uploader hears of its uploads. */
export interface UploadEvents {
  stateChanged(upload: Upload): void;
  /** So many more bytes have left; 0 where something else that is shown changed. */
  progressed(upload: Upload, bytes: number): void;
}

/** Looks at the storage, in a row and without a part getting through, before an upload fails. */
const MAX_REOPENS = 5;

/** Keys that others took while it was on its way, before an upload fails: each costs all its bytes. */
const MAX_TAKEN = 3;

/** Problems after which the same upload cannot go on: trying again starts a new one. */
const ENDS_SESSION: ReadonlySet<string> = new Set([
  "id-invalid",
  "id-expired",
  "not-yours",
  "upload-gone",
  "key-exists",
  "part-not-in-plan",
]);

/** One upload: its state, and the work that each state asks for. */
export class Upload implements Scheduled {
  readonly added: AddedFile;
  readonly #work: SharedWork;
  readonly #events: UploadEvents;
  readonly #progress = new Progress();
  readonly #creating = new Set<Promise<void>>();
  #machine: Machine = INITIAL_MACHINE;
  /** Aborted when its attempt is over. */
  #attempt = new AbortController();
  #session: Session | null = null;
  #sender: PartSender | null = null;
  #retryCount = 0;
  #reopenCount = 0;
  #takenCount = 0;
  #view: UploadView | null = null;

  constructor(added: AddedFile, work: SharedWork, events: UploadEvents) {
    this.added = added;
    this.#work = work;
    this.#events = events;
  }

  get state(): UploadState {
    return this.#machine.state;
  }

  get place(): Place {
    const isMultipart = this.#session?.isMultipart ?? this.added.expectsParts;
    const kind = isMultipart ? "multipart" : "single";
    // A single request needs no look at the storage: it goes on where it stands.
    if (this.state.kind === "queued") {
      return this.#session?.isMultipart === false ? "send-single" : `open-${kind}`;
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
    return (this.#session?.parts.underWayCount ?? 0) > 0;
  }

  get sizeBytes(): number {
    return this.added.chosen.snapshot.sizeBytes;
  }

  get sentBytes(): number {
    if (this.state.kind === "done") return this.sizeBytes;
    return this.#session?.parts.sentBytes ?? 0;
  }

  get view(): UploadView {
    this.#view ??= takePicture(this, this.#progress, this.#work.clock.now());
    return this.#view;
  }

  /** Its turn to be opened; answers what the opener needs, or null where it looks by itself. */
  open(): Opening | null {
    this.#dispatch({ type: "open" });
    if (this.#session === null) return this.#opening();
    void this.#lookUp(this.#session, this.#attempt.signal);
    return null;
  }

  /** The next request that may leave now. */
  next(now: number): (() => Promise<void>) | null {
    return this.#senderOfAttempt()?.next(now) ?? null;
  }

  /** Brings the state in line with whether anything moves; answers when to look again. */
  settle(now: number): number | null {
    const sender = this.#senderOfAttempt();
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

  /** Starts over what failed or was cancelled. */
  retry(): void {
    const { state } = this;
    this.#reopenCount = 0;
    this.#takenCount = 0;
    if (state.kind === "failed" && (!this.#session?.isMultipart || endsSession(state))) {
      this.#dropSession();
    }
    this.#dispatch({ type: "retry" });
  }

  /**
   * Stops, and gives back what the storage holds; resolves when that is done or was given up. Where
   * the storage had everything already, the upload ends as done after all.
   */
  async cancel(): Promise<void> {
    const mayBeStored = this.#mayBeStored();
    if (!this.#dispatch({ type: "cancel" })) return;
    const { signal } = this.#attempt;
    const held = this.#takeSession();
    if (held) await giveBack(held, this.#work);
    // Whatever a request still under way opens has to go too, unless a retry took it over.
    await Promise.all(this.#creating);
    const late = this.state.kind === "cancelled" ? this.#takeSession() : null;
    if (late) await giveBack(late, this.#work);
    const receipt = held && mayBeStored ? await findStored(held, this.#work) : null;
    if (receipt && !signal.aborted) this.#dispatch({ type: "finish", receipt });
  }

  /** Ends all work without a change of state. */
  close(): void {
    this.#attempt.abort(stopped());
  }

  #takeSession(): Session | null {
    const session = this.#session;
    this.#session = null;
    this.#view = null;
    return session;
  }

  /** Whether a request that nobody heard the end of may have made the object. */
  #mayBeStored(): boolean {
    const session = this.#session;
    if (session === null) return false;
    if (session.isMultipart)
      return session.parts.isComplete || this.#machine.stage === "completing";
    // One that was there before, of the same size, could not be told from ours.
    return session.parts.startCount > 0 && this.added.options.ifExists !== "replace";
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

  #opening(): Opening {
    const { signal } = this.#attempt;
    const ifWanted = (then: () => void) => {
      if (!signal.aborted) then();
    };
    return {
      file: describeFile(this.added),
      isWanted: () => !signal.aborted && this.#session === null,
      pending: (creating) => this.#trackCreation(creating),
      opened: (opened) => this.#opened(opened, signal),
      waits: (notice) => ifWanted(() => this.#waitFor(notice)),
      tries: () => ifWanted(() => this.#dispatch({ type: "open" })),
      fails: (error) => ifWanted(() => this.#fail(error)),
    };
  }

  #trackCreation(creating: Promise<void>): void {
    const settled = creating.then(
      () => undefined,
      () => undefined,
    );
    this.#creating.add(settled);
    void settled.then(() => this.#creating.delete(settled));
  }

  #opened(opened: Opened, signal: AbortSignal): void {
    if ("problem" in opened) {
      const { problem } = opened;
      const facts = { s3Code: problem.s3Code, requestId: problem.requestId };
      const error = new TransferError(problem.code, "permanent", problem.detail, facts);
      if (!signal.aborted) this.#fail(error);
      return;
    }
    if (this.#session !== null || this.#work.signal.aborted) {
      // Nobody will ever use it. After a close only one try is left.
      const once = { ...this.#work, signal: AbortSignal.timeout(10_000) };
      void giveBack({ id: opened.id, isMultipart: opened.method === "multipart" }, once);
      return;
    }
    try {
      this.#session = openSession(opened, this.added.chosen.snapshot.sizeBytes);
    } catch (error) {
      if (!signal.aborted) this.#fail(toTransferError(error));
      return;
    }
    this.#view = null;
    if (!signal.aborted) this.#dispatch({ type: this.#session.isMultipart ? "send" : "line-up" });
    // Paused meanwhile, and perhaps resumed: its place in the schedule may be another now.
    else this.#events.stateChanged(this);
  }

  async #lookUp(session: Session, signal: AbortSignal): Promise<void> {
    const call = () => this.#work.api.list(session.id, signal);
    const listed = await this.#ask(call, { type: "open" }, signal);
    if (listed === null) return;
    if (listed.state === "gone") {
      this.#reopen(new TransferError("upload-gone", "reopen", "The storage lost this upload"));
      return;
    }
    if (listed.state === "open") session.parts.reconcile(listed.parts);
    if (listed.state === "open" && !session.parts.isComplete) this.#dispatch({ type: "send" });
    else await this.#complete(session, signal);
  }

  async #complete(session: Session, signal: AbortSignal): Promise<void> {
    this.#dispatch({ type: "complete" });
    const { file, snapshot } = this.added.chosen;
    if (session.isMultipart && session.parts.isComplete) {
      // Parts of two versions of a file must not become one object.
      const changed = await checkFile(file, snapshot, Math.max(0, snapshot.sizeBytes - 1));
      if (signal.aborted) return;
      if (changed) return this.#fail(changed);
    }
    const request =
      session.isMultipart && session.parts.isComplete ? { parts: [...session.parts.held] } : {};
    const call = () => this.#completeOnce(session, request);
    const receipt = await this.#ask(call, { type: "complete" }, signal);
    if (receipt) this.#dispatch({ type: "finish", receipt });
  }

  /** Not stopped with its attempt: the storage goes on all the same, and its answer still counts. */
  async #completeOnce(session: Session, request: CompleteUploadRequest): Promise<Receipt> {
    const { attempt } = this.#machine;
    const receipt = await this.#work.api.complete(session.id, request, this.#work.signal);
    const isCancelled = this.state.kind === "cancelled" && this.#machine.attempt === attempt + 1;
    if (isCancelled) this.#dispatch({ type: "finish", receipt });
    return receipt;
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
    const { signal } = this.#attempt;
    this.#sender ??= new PartSender(session, this.added.chosen, this.#work, signal, {
      started: () => this.#dispatch({ type: "send" }),
      moved: (bytes) => this.#moved(bytes),
      held: (etag) => this.#held(session, etag, signal),
      again: () => this.#again(),
      ended: (error) => this.#ended(error),
    });
    return this.#sender;
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

  #held(session: Session, etag: string, signal: AbortSignal): void {
    this.#reopenCount = 0;
    this.#moved(0);
    if (!session.parts.isComplete) return;
    if (session.isMultipart) {
      void this.#complete(session, signal);
      return;
    }
    const { sizeBytes } = this.added.chosen.snapshot;
    this.#dispatch({ type: "finish", receipt: { key: session.key, sizeBytes, etag } });
  }

  #ended(error: TransferError): void {
    if (error.code === "key-exists") this.#keyTaken(error);
    else if (error.remedy === "reopen") this.#reopen(error);
    else this.#fail(error);
  }

  /** The key was free when the server chose it, and is no longer. */
  #keyTaken(error: TransferError): void {
    const session = this.#session;
    const mayBeOurs = session?.isMultipart === false && session.parts.startCount > 1;
    if (mayBeOurs && this.#machine.stage === "uploading") {
      // The answer to an earlier request was lost: perhaps it is this very file.
      void this.#complete(session, this.#attempt.signal);
      return;
    }
    this.#takenCount += 1;
    const { ifExists = "rename" } = this.added.options;
    if (ifExists !== "rename" || this.#takenCount > MAX_TAKEN) return this.#fail(error);
    // S3 cannot give parts another key: whoever wants both sends this one again.
    this.#dropSession();
    this.#reopen(error);
  }

  /** Forgets the session; what the storage still holds of it is of no use to anybody. */
  #dropSession(): void {
    const session = this.#takeSession();
    if (session) void giveBack(session, this.#work);
  }

  #reopen(error: TransferError): void {
    this.#reopenCount += 1;
    if (this.#reopenCount > MAX_REOPENS) return this.#fail(error);
    this.#retryCount += 1;
    // The storage was looked at and does not know it, or there is nothing to look at.
    const isLost = this.#machine.stage === "opening" && error.code === "upload-gone";
    if (isLost || !this.#session?.isMultipart) this.#session = null;
    this.#dispatch({ type: "reopen" });
  }

  #fail(error: TransferError): void {
    this.#dispatch({ type: "fail", problem: toUploadProblem(error) });
  }
}

function endsSession(state: Extract<UploadState, { kind: "failed" }>): boolean {
  return ENDS_SESSION.has(state.problem.code);
}

function stopped(): DOMException {
  return new DOMException("This attempt is over", "AbortError");
}
