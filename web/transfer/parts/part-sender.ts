import { toTransferError, type TransferError } from "../problem.ts";
import { isLarge, requestForPart, type Session } from "../session.ts";
import type { SharedWork } from "../shared-work.ts";
import type { Shipment } from "../shipment.ts";
import type { ByteSource } from "../source/byte-source.ts";
import type { Send } from "../schedule/pool.ts";
import { cutNextPart, isUncut, mustBeRecut } from "./cutting.ts";
import { Flights, type Flight } from "./flights.ts";
import type { PartChecksums } from "./part-checksums.ts";
import {
  countFailure,
  diagnose,
  goesInParts,
  isHopeless,
  isTorn,
  mismatch,
} from "./part-failure.ts";
import type { PartRange } from "./part-table.ts";
import { sendPart, type PartAnswer } from "./send-part.ts";
import { partsToSign } from "./signed-urls.ts";
import { stallLimitMs } from "./stall-watch.ts";
import { standstillOf, wakeAtOf, type Standstill } from "./waiting.ts";
import { upcomingParts, UrlSupply } from "./url-supply.ts";

/** What an upload hears of its requests. */
export interface SenderEvents {
  /** A request leaves. */
  started(): void;
  /** So many more bytes have left; 0 where something else that is shown changed. */
  moved(bytes: number): void;
  /** The storage has one part more, or there is none more to come. */
  held(answer: PartAnswer | null): void;
  /** A request has to be sent again, or the next try is put off. */
  again(): void;
  /** A part goes up a second time beside the first. */
  hedged(): void;
  /** No more of this attempt: look again, or fail. */
  ended(error: TransferError): void;
}

/** Parts whose checksums are made ahead, where the storage wants them signed. */
const DECLARED_AHEAD = 8;

/** Sends the parts of one session during one attempt; nothing of it outlives the signal. */
export class PartSender {
  readonly #session: Session;
  readonly #source: ByteSource;
  readonly #checksums: PartChecksums | null;
  readonly #work: SharedWork;
  readonly #signal: AbortSignal;
  readonly #events: SenderEvents;
  readonly #supply: UrlSupply;
  readonly #flights = new Flights();
  #lastError: TransferError | null = null;
  #isFilling = false;
  #wokeAt = 0;

  constructor(
    { session, source, checksums }: Shipment,
    work: SharedWork,
    signal: AbortSignal,
    events: SenderEvents,
  ) {
    this.#session = session;
    this.#source = source;
    this.#checksums = checksums;
    this.#work = work;
    this.#signal = signal;
    this.#events = events;
    this.#supply = new UrlSupply(session, work, signal, {
      arrived: () => events.moved(0),
      again: () => events.again(),
      ended: (error) => events.ended(error),
    });
  }

  /** Requests under way. */
  get flightCount(): number {
    return this.#flights.count;
  }

  /** The machine slept: what is under way is most likely dead. */
  woke(now: number): void {
    this.#wokeAt = now;
  }

  /**
   * The next request that may leave now.
   * @param share connections that this upload can count on, at least 1
   */
  next(now: number, share: number): Send | null {
    this.#refill(now, share);
    if (this.#isWithoutUrls()) return null;
    for (const partNumber of this.#session.parts.returned) {
      const send = this.#readyToSend(partNumber, now);
      if (send) return send;
    }
    if (this.#isDeclared) return null;
    return this.#nextFresh(now, share);
  }

  /** Makes the checksum that a form carries, so that no connection waits for it; null where none is left. */
  preparation(): (() => void) | null {
    const checksums = this.#session.urls.form?.checksumField ? this.#checksums : null;
    const [partNumber] = this.#session.parts.returned;
    if (!checksums || partNumber === undefined || checksums.isBegun(partNumber)) return null;
    const range = this.#session.parts.rangeOf(partNumber);
    return () => void checksums.of(range, this.#signal).catch(() => undefined);
  }

  /** A second request for the part that lags most behind the others; only where nothing else is left. */
  hedge(now: number): Send | null {
    const speed = this.#work.line.bytesPerSecond;
    if (speed === null || this.#session.cut.kind === "single") return null;
    const laggard = this.#flights.laggard(speed, this.#session.parts.sizeBytes, now);
    if (!laggard) return null;
    const urls = this.#session.urls.get(laggard.partNumber, now) ?? [];
    const url = this.#work.origins.choose(urls, now, isLarge(this.#session), laggard.url);
    if (url === null) return null;
    return () => {
      this.#flights.hedged(laggard.sizeBytes);
      this.#events.hedged();
      return this.#send(this.#session.parts.rangeOf(laggard.partNumber), url);
    };
  }

  /** Whether a hedge may become worth it while nothing else happens. */
  get isInTail(): boolean {
    const { parts } = this.#session;
    if (this.#session.cut.kind === "single" || !this.#source.isSizeKnown) return false;
    return this.#flights.count > 0 && !parts.hasUnassigned;
  }

  /** Why nothing moves; null while something does, or could if there were a free connection. */
  standstill(now: number): Standstill | null {
    if (this.#isFilling) return null;
    const { wait } = this.#supply;
    const seen = { wait, lastError: this.#lastError, circuit: this.#work.storage.circuit };
    return standstillOf(this.#session, this.#source, seen, now);
  }

  /** When the first of the parts that wait may leave, in milliseconds since 1970. */
  wakeAt(now: number): number | null {
    return wakeAtOf(this.#session, now);
  }

  get #isDeclared(): boolean {
    return this.#checksums !== null && this.#work.facts.checksum?.mode === "declared";
  }

  /**
   * While the storage fails again and again and URLs are on their way, fresh parts would only burn
   * theirs.
   */
  #isWithoutUrls(): boolean {
    return !this.#supply.isIdle && this.#work.storage.circuit.failures > 2;
  }

  #readyToSend(partNumber: number, now: number): Send | null {
    if (this.#session.parts.failuresOf(partNumber).notBefore > now) return null;
    const url = this.#chooseUrl(partNumber, now);
    return url === null ? null : () => this.#send(this.#session.parts.rangeOf(partNumber), url);
  }

  #nextFresh(now: number, share: number): Send | null {
    const { parts } = this.#session;
    const url = this.#chooseUrl(parts.nextPartNumber, now);
    if (url === null) return null;
    const range = this.#cut(share);
    return range === null ? null : () => this.#send(range, url);
  }

  /** The next part of the bytes at hand; null where a stream has to be read first. */
  #cut(share: number): PartRange | null {
    const { line } = this.#work;
    const isEven = line.isEven(this.#flights.speeds(this.#work.clock.now()));
    const facts = { bytesPerSecond: line.bytesPerSecond, isEven };
    const cut = cutNextPart(this.#session, this.#source, share, facts);
    if (cut.kind === "fill") this.#fill(cut.end);
    return cut.kind === "part" ? cut.range : null;
  }

  #fill(end: number): void {
    if (this.#isFilling) return;
    this.#isFilling = true;
    this.#source.fill(end, this.#signal).then(
      () => {
        this.#isFilling = false;
        this.#session.parts.grow(this.#source.sizeBytes);
        this.#events.moved(0);
        // An end that came exactly behind the last part leaves nothing more to send.
        if (this.#session.parts.isComplete && this.#source.isSizeKnown) this.#events.held(null);
      },
      (error: unknown) => {
        this.#isFilling = false;
        if (!this.#signal.aborted) this.#events.ended(toTransferError(error));
      },
    );
  }

  #chooseUrl(partNumber: number, now: number): string | null {
    const urls = this.#session.urls.get(partNumber, now);
    return urls ? this.#work.origins.choose(urls, now, isLarge(this.#session)) : null;
  }

  #refill(now: number, share: number): void {
    if (this.#isDeclared) this.#hashAhead(share);
    if (!this.#supply.isIdle) return;
    const { parts, urls } = this.#session;
    const upcoming = this.#isDeclared
      ? [...parts.returned].filter((number) => this.#checksums?.known(number) !== undefined)
      : upcomingParts(this.#session, this.#source.isSizeKnown);
    const missing = partsToSign(
      upcoming,
      (partNumber) => urls.get(partNumber, now) !== undefined,
      (partNumber) => parts.failuresOf(partNumber).count > 0 || this.#isDeclared,
    );
    if (missing.length === 0) return;
    const checksumOf = (partNumber: number) =>
      this.#isDeclared ? (this.#checksums?.known(partNumber) ?? null) : null;
    void this.#supply.ask(missing, checksumOf);
  }

  #hashAhead(share: number): void {
    const { parts } = this.#session;
    for (let ahead = [...parts.returned].length; ahead < DECLARED_AHEAD; ahead += 1) {
      if (!parts.hasUnassigned || this.#cut(share) === null) break;
    }
    for (const partNumber of parts.returned) {
      if (this.#checksums?.isBegun(partNumber)) continue;
      void this.#checksums?.of(parts.rangeOf(partNumber), this.#signal).then(
        () => this.#events.moved(0),
        (error: unknown) => {
          if (!this.#signal.aborted) this.#events.ended(toTransferError(error));
        },
      );
    }
  }

  async #send(range: PartRange, url: string): Promise<void> {
    const { origins, clock, storage, line } = this.#work;
    const flight = this.#takeOff(range, url);
    try {
      const answer = await this.#deliver(range, flight);
      const now = clock.now();
      line.arrived(flight.sizeBytes, now - flight.startedAt);
      origins.succeeded(url, flight.sizeBytes, now - flight.startedAt, now);
      storage.succeeded();
      this.#land(flight);
      void this.#accept(range, answer);
    } catch (error) {
      this.#land(flight);
      if (flight.controller.signal.aborted || this.#isOver(range.partNumber)) return;
      await this.#failed(flight, range, toTransferError(error));
    }
  }

  #takeOff(range: PartRange, url: string): Flight {
    const flight = this.#flights.takeOff(range, url, this.#work.clock.now());
    this.#session.parts.start(range.partNumber);
    this.#work.origins.started(url);
    this.#events.started();
    return flight;
  }

  #land(flight: Flight): void {
    if (this.#flights.land(flight)) this.#work.origins.ended(flight.url);
  }

  async #deliver(range: PartRange, flight: Flight): Promise<PartAnswer> {
    const { transport, clock, connectivity, line } = this.#work;
    const { parts } = this.#session;
    const signal = AbortSignal.any([this.#signal, flight.controller.signal]);
    const checksum = await this.#checksumToSend(range);
    const request = requestForPart(this.#session, {
      partNumber: range.partNumber,
      body: this.#source.slice(range),
      url: flight.url,
      checksum,
      algorithm: this.#checksums?.algorithm ?? null,
    });
    signal.throwIfAborted();
    const sending = {
      request,
      signal,
      stallLimitMs: () =>
        stallLimitMs({
          stalls: parts.failuresOf(range.partNumber).stalls,
          isLineLost: !connectivity.isOnline() || flight.startedAt < this.#wokeAt,
          othersMove: line.movedAt > flight.movedAt,
          bytesPerSecond: line.bytesPerSecond,
        }),
      onProgress: (bytes: number) => this.#moved(flight, bytes),
    };
    return sendPart(sending, transport, clock);
  }

  /** A form may carry its checksum, so that the storage judges it on arrival; others go unannounced. */
  async #checksumToSend(range: PartRange): Promise<string | null> {
    if (this.#checksums === null) return null;
    const making = this.#checksums.of(range, this.#signal);
    if (this.#session.urls.form?.checksumField || this.#isDeclared) return making;
    making.catch(() => undefined);
    return null;
  }

  #moved(flight: Flight, bytes: number): void {
    if (this.#signal.aborted || bytes <= flight.sentBytes) return;
    const now = this.#work.clock.now();
    flight.sentBytes = bytes;
    flight.movedAt = now;
    this.#work.line.moved(now);
    this.#events.moved(this.#session.parts.move(flight.partNumber, bytes));
    if (mustBeRecut(this.#session, this.#source, flight, this.#work.line, now))
      this.#recut(flight, now);
  }

  /** The line turned out much slower than the parts were cut for: smaller ones, while it costs little. */
  #recut({ sentBytes, startedAt }: Flight, now: number): void {
    const { parts } = this.#session;
    this.#work.line.guess((sentBytes / Math.max(1, now - startedAt)) * 1000);
    for (const flight of this.#flights.all()) {
      flight.controller.abort(new DOMException("Cut anew", "AbortError"));
      this.#checksums?.forget(flight.partNumber);
      this.#land(flight);
    }
    parts.giveBackAll();
    if (isUncut(this.#session)) return this.#events.ended(goesInParts());
    parts.unassignTail();
    this.#events.moved(0);
  }

  /** The storage has a part; its bytes count once its checksum is ours. */
  async #accept(range: PartRange, answer: PartAnswer): Promise<void> {
    const { partNumber } = range;
    for (const flight of this.#flights.of(partNumber)) flight.controller.abort();
    try {
      const ours = (await this.#checksums?.of(range, this.#signal)) ?? null;
      if (this.#isOver(partNumber)) return;
      if (ours !== null && answer.checksum !== null && ours !== answer.checksum) {
        throw mismatch(partNumber, ours, answer.checksum);
      }
      this.#hold(range, answer, ours);
    } catch (error) {
      if (this.#isOver(partNumber)) return;
      this.#checksums?.forget(partNumber);
      const unreadable = await this.#source.check(range.start);
      if (!this.#isOver(partNumber)) this.#giveBack(range, unreadable ?? toTransferError(error));
    }
  }

  #hold(range: PartRange, answer: PartAnswer, checksum: string | null): void {
    this.#session.parts.hold(range.partNumber, answer.etag, checksum);
    // Ten thousand parts are megabytes of URLs, and thousands of files stay in the list when done.
    this.#session.urls.drop(range.partNumber);
    this.#checksums?.forget(range.partNumber);
    this.#source.release(range);
    this.#lastError = null;
    this.#events.held(answer);
  }

  async #failed(flight: Flight, range: PartRange, seen: TransferError): Promise<void> {
    const { url, startedAt, sentBytes } = flight;
    const { storage, origins, budget, clock } = this.#work;
    const failure = { error: seen, url, sentBytes, offset: range.start };
    const error = await diagnose(failure, this.#source, this.#work, this.#signal);
    // The same part may be on another connection, or there already.
    if (this.#isOver(range.partNumber) || this.#flights.of(range.partNumber).length > 0) return;
    const now = clock.now();
    // An expired URL answered without CORS headers looks like a broken line.
    if (error.remedy === "resign" || error.code === "storage-unreachable") {
      this.#session.urls.drop(range.partNumber);
    }
    if (error.facts.s3Code !== undefined) storage.answered();
    if (error.facts.throttled === true) budget.throttled(startedAt, now);
    if (error.facts.stalled === true) budget.timedOut(startedAt, now);
    const isItsOwn = error.remedy === "retry" && origins.failed(url, now);
    if ((error.remedy === "retry" && !isItsOwn) || error.code === "cors-blocked") {
      storage.failed({ error, retryAfterMs: error.facts.retryAfterMs ?? null, startedAt });
    }
    if (isUncut(this.#session) && isTorn(flight, error))
      return this.#events.ended(goesInParts(error));
    this.#giveBack(range, error, isItsOwn);
  }

  #giveBack({ partNumber }: PartRange, error: TransferError, isElsewhereBetter = false): void {
    const { parts } = this.#session;
    const before = parts.failuresOf(partNumber);
    const failures = countFailure(before, error, isElsewhereBetter, this.#work);
    parts.giveBack(partNumber, failures);
    if (isHopeless(failures, error, this.#work.clock.now())) {
      this.#events.ended(error);
      return;
    }
    this.#lastError = error;
    this.#events.again();
  }

  /** Nobody waits for this part any more. */
  #isOver(partNumber: number): boolean {
    return this.#signal.aborted || this.#session.parts.heldChecksum(partNumber) !== undefined;
  }
}
