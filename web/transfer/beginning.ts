import type { RetryNotice } from "../../shared/retry.ts";
import { giveBack } from "./backend/give-back.ts";
import { openBatch, type Opening } from "./backend/opener.ts";
import type { Opened } from "./backend/upload-api.ts";
import { fitsOnePart } from "./parts/part-size.ts";
import { TransferError, toTransferError } from "./problem.ts";
import { openSession, sessionFromRecord, type Session } from "./session.ts";
import type { SharedWork } from "./shared-work.ts";
import { describeFile, type Added } from "./source/added.ts";

/** Bytes of a stream that are read before it is opened: what ends within them is a small file. */
const READ_AHEAD_BYTES = 16 * 1024 * 1024;

/** What an upload hears of its beginning; but for `began`, nothing once the attempt is over. */
export interface BeginningEvents {
  hasSession(): boolean;
  /** Opened, in an attempt that may be over by now. */
  began(session: Session, signal: AbortSignal): void;
  /** An earlier visit left this: the storage has to be asked what it holds. */
  continues(session: Session, signal: AbortSignal): void;
  waits(notice: RetryNotice): void;
  tries(): void;
  /** A stream was read on. */
  moved(): void;
  fails(error: TransferError): void;
}

/** Gets one upload its session: from an earlier visit, or from the backend. */
export class Beginning {
  readonly #added: Added;
  readonly #work: SharedWork;
  readonly #events: BeginningEvents;
  readonly #creating = new Set<Promise<void>>();
  /** Opened in one request before, although it is large. */
  #wasUncut = false;
  /** Asked for once. */
  #earlier: Added["earlier"];

  constructor(added: Added, work: SharedWork, events: BeginningEvents) {
    this.#added = added;
    this.#work = work;
    this.#events = events;
    this.#earlier = added.earlier;
  }

  /**
   * Answers what the opener needs, or null where something has to be found out or read first.
   * @param share connections that it can count on, at least 1
   */
  start(signal: AbortSignal, share: number): Opening | null {
    const { source } = this.#added;
    if (source.isSizeKnown && this.#earlier === null) return this.#opening(signal, share);
    void this.#prepare(signal, share);
    return null;
  }

  /** Resolves when no request is under way that may open it. */
  async settled(): Promise<void> {
    await Promise.all(this.#creating);
  }

  /** Finds what an earlier visit left, reads the beginning of a stream, then has itself opened. */
  async #prepare(signal: AbortSignal, share: number): Promise<void> {
    try {
      const record = (await this.#earlier?.(signal)) ?? null;
      if (signal.aborted) return;
      this.#earlier = null;
      if (record) return this.#events.continues(sessionFromRecord(record), signal);
      await this.#added.source.fill(READ_AHEAD_BYTES, signal);
    } catch (error) {
      if (!signal.aborted) this.#events.fails(toTransferError(error));
      return;
    }
    this.#events.moved();
    const opening = this.#opening(signal, share);
    if (opening.isWanted()) await openBatch([opening], this.#added.options, this.#work);
  }

  #opening(signal: AbortSignal, share: number): Opening {
    const inOneRequest = this.#fitsOneRequest(share);
    const ifWanted = (then: () => void) => {
      if (!signal.aborted) then();
    };
    return {
      file: { ...describeFile(this.#added), ...(inOneRequest && { inOneRequest }) },
      isWanted: () => !signal.aborted && !this.#events.hasSession(),
      pending: (creating) => this.#trackCreation(creating),
      opened: (opened) => this.#opened(opened, signal),
      waits: (notice) => ifWanted(() => this.#events.waits(notice)),
      tries: () => ifWanted(() => this.#events.tries()),
      fails: (error) => ifWanted(() => this.#events.fails(error)),
    };
  }

  /**
   * What would become a single part needs no completing. Once only: what did not get there in one
   * request goes in parts. And parts alone can be accelerated.
   */
  #fitsOneRequest(share: number): boolean {
    const { source, expectsParts } = this.#added;
    const { line, origins } = this.#work;
    if (this.#wasUncut || !expectsParts || !source.isSizeKnown || !source.isSeekable) return false;
    this.#wasUncut =
      origins.route() === null && fitsOnePart(source.sizeBytes, share, line.bytesPerSecond);
    return this.#wasUncut;
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
      if (!signal.aborted) this.#events.fails(error);
      return;
    }
    if (this.#events.hasSession() || this.#work.signal.aborted) {
      // Nobody will ever use it. After a close only one try is left.
      const once = { ...this.#work, signal: AbortSignal.timeout(10_000) };
      void giveBack({ id: opened.id, isMultipart: opened.method === "multipart" }, once);
      return;
    }
    const { source } = this.#added;
    try {
      const { sizeBytes, isSizeKnown } = source;
      const cargo = { sizeBytes, isSizeKnown, isLarge: this.#wasUncut };
      this.#events.began(openSession(opened, cargo), signal);
    } catch (error) {
      if (!signal.aborted) this.#events.fails(toTransferError(error));
    }
  }
}
