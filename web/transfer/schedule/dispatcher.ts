import { openBatch } from "../backend/opener.ts";
import type { SharedWork } from "../shared-work.ts";
import type { Clock } from "../time/clock.ts";
import type { Upload } from "../upload.ts";
import { Pool, type Send } from "./pool.ts";
import { Schedule } from "./schedule.ts";

/** Files opened by the first request: connections should not wait for hundreds to be signed. */
const FIRST_FILES = 100;

/** Files opened by each request that follows; decoding the answer of more would be felt on a page. */
const FILES_PER_REQUEST = 500;

/** More are opened when fewer than this are ready to leave, so that connections never idle. */
const LOW_WATER_FILES = 250;

/** Small files that are checksummed together, ahead of their turn. */
const PREPARED_FILES = 16;

/** Large files that go up at once: more would only all end late. */
const OPEN_MULTIPARTS = 3;

/** Files up to this size go up one a connection, as many as there are connections; in bytes. */
const ONE_A_CONNECTION_BYTES = 64 * 1024 * 1024;

/** How often connections that lag are looked for while others are idle, in milliseconds. */
const LAGGARDS_EVERY_MS = 250;

/** All single requests together. */
const SINGLES = {};

type Lane = Upload | typeof SINGLES;

/** Decides who is opened and whose request leaves next; acts in a microtask after it was asked. */
export class Dispatcher {
  readonly #work: SharedWork;
  readonly #schedule = new Schedule<Upload>();
  readonly #pool: Pool<Lane>;
  #isDue = false;
  #unschedule: (() => void) | null = null;

  constructor(work: SharedWork) {
    this.#work = work;
    this.#pool = new Pool<Lane>(
      () => work.budget.limit,
      () => this.wake(),
    );
  }

  /** Requests under way. */
  get connections(): number {
    return this.#pool.underWayCount;
  }

  /** Every connection of the budget is in use. */
  get isFull(): boolean {
    return this.#pool.isFull;
  }

  /** Uploads whose requests may leave or are under way. */
  *sending(): Iterable<Upload> {
    yield* this.#schedule.at("send-single");
    yield* this.#schedule.at("send-multipart");
  }

  /** Whether anything is to be done. */
  get isActive(): boolean {
    return this.#schedule.size > 0;
  }

  /** Puts an upload where its state wants it. */
  file(upload: Upload): void {
    this.#schedule.file(upload);
    this.wake();
  }

  remove(upload: Upload): void {
    this.#schedule.remove(upload);
  }

  /** Something changed: looks, soon, what may go. */
  wake(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => this.#run());
  }

  close(): void {
    this.#unschedule?.();
  }

  #run(): void {
    this.#isDue = false;
    if (this.#work.signal.aborted) return;
    const { clock, storage } = this.#work;
    this.#openSingles();
    this.#openMultiparts();
    const now = clock.now();
    if (storage.circuit.blockedUntil <= now) {
      this.#send(now);
      this.#prepareSingles();
    }
    this.#wakeAt(this.#settle(now), clock);
  }

  #send(now: number): void {
    const lanes: Lane[] = [SINGLES, ...this.#schedule.at("send-multipart")];
    const shareOf = this.#shares();
    const isUpload = (lane: Lane): lane is Upload => lane !== SINGLES;
    this.#pool.startWhatMay(lanes, (lane) =>
      isUpload(lane) ? lane.next(now, shareOf(lane)) : this.#nextSingle(now),
    );
    // What is left over may help a part that lags.
    this.#pool.startWhatMay(lanes, (lane) => (isUpload(lane) ? lane.hedge(now) : null));
  }

  /**
   * Connections that each file in parts can count on: an even share, or more where that makes it
   * end together with all others.
   */
  #shares(): (upload: Upload) => number {
    const { limit } = this.#work.budget;
    const under = [
      ...this.#schedule.at("opening-multipart"),
      ...this.#schedule.at("send-multipart"),
    ];
    const waiting = firstOf(this.#schedule.at("open-multipart"), limit);
    const unsentBytes = [...under, ...waiting].reduce((sum, upload) => sum + unsentOf(upload), 0);
    const open = under.length;
    const small = waiting.filter(({ sizeBytes }) => sizeBytes <= ONE_A_CONNECTION_BYTES).length;
    const sharers = Math.max(
      open,
      Math.min(OPEN_MULTIPARTS, open + waiting.length),
      Math.min(limit, open + small),
    );
    const even = Math.max(1, limit / Math.max(1, sharers));
    return (upload) => Math.max(even, (limit * unsentOf(upload)) / Math.max(1, unsentBytes));
  }

  #openSingles(): void {
    if (this.#schedule.count("opening-single") > 0) return;
    const readyCount = this.#schedule.count("send-single");
    if (readyCount >= LOW_WATER_FILES) return;
    const mostFiles = readyCount === 0 ? FIRST_FILES : FILES_PER_REQUEST;
    const batch: Upload[] = [];
    for (const upload of this.#schedule.at("open-single")) {
      if (batch.length === mostFiles) break;
      // One request has one set of options.
      if (upload.added.options === (batch[0] ?? upload).added.options) batch.push(upload);
    }
    this.#open(batch, () => 1);
  }

  #openMultiparts(): void {
    const { limit } = this.#work.budget;
    const batch: Upload[] = [];
    const openCount =
      this.#schedule.count("opening-multipart") + this.#schedule.count("send-multipart");
    for (const upload of this.#schedule.at("open-multipart")) {
      const isSmall = upload.sizeBytes <= ONE_A_CONNECTION_BYTES;
      if (openCount + batch.length >= (isSmall ? limit : OPEN_MULTIPARTS)) break;
      if (upload.added.options !== (batch[0] ?? upload).added.options) break;
      batch.push(upload);
    }
    this.#open(batch, this.#shares());
  }

  #open(batch: readonly Upload[], shareOf: (upload: Upload) => number): void {
    const first = batch[0];
    if (first === undefined) return;
    const openings = batch.flatMap((upload) => upload.open(shareOf(upload)) ?? []);
    if (openings.length > 0) void openBatch(openings, first.added.options, this.#work);
  }

  #nextSingle(now: number): Send | null {
    for (const upload of this.#schedule.at("send-single")) {
      const send = upload.next(now, 1);
      if (send) return send;
    }
    return null;
  }

  /** By the lump, because that is how small files are read. */
  #prepareSingles(): void {
    const most = this.#work.budget.limit + 2 * PREPARED_FILES;
    const coming = firstOf(this.#schedule.at("send-single"), most);
    const preparations = coming.flatMap((upload) => upload.preparation() ?? []);
    if (preparations.length < PREPARED_FILES && coming.length === most) return;
    for (const prepare of preparations) prepare();
  }

  /** Says of every upload whether it stands still; answers when the next one may go on. */
  #settle(now: number): number {
    const { blockedUntil } = this.#work.storage.circuit;
    let nextAt = blockedUntil > now ? blockedUntil : Infinity;
    for (const upload of this.sending()) {
      nextAt = Math.min(nextAt, upload.settle(now) ?? Infinity);
      if (upload.isInTail && !this.#pool.isFull) nextAt = Math.min(nextAt, now + LAGGARDS_EVERY_MS);
    }
    return nextAt;
  }

  #wakeAt(time: number, clock: Clock): void {
    this.#unschedule?.();
    this.#unschedule = null;
    if (time === Infinity) return;
    this.#unschedule = clock.schedule(() => this.wake(), Math.max(1, time - clock.now()));
  }
}

function unsentOf({ sizeBytes, sentBytes }: Upload): number {
  return Math.max(0, sizeBytes - sentBytes);
}

function firstOf<T>(items: Iterable<T>, most: number): T[] {
  const first: T[] = [];
  for (const item of items) {
    if (first.length >= most) break;
    first.push(item);
  }
  return first;
}
