import type { Clock } from "../time/clock.ts";
import { openBatch } from "../backend/opener.ts";
import { Pool, type Lane } from "./pool.ts";
import { Schedule } from "./schedule.ts";
import type { SharedWork } from "../shared-work.ts";
import type { Upload } from "../upload.ts";

/** Files opened by one request. */
const FILES_PER_REQUEST = 100;

/** More are opened when fewer than this are ready to leave, so that connections never idle. */
const LOW_WATER_FILES = 50;

/** How much goes on at once. */
export interface DispatchLimits {
  /** Requests to the storage, over all files. */
  readonly connections: number;
  /** Files that go up in parts. */
  readonly openMultiparts: number;
}

/** Decides who is opened and whose request leaves next; acts in a microtask after it was asked. */
export class Dispatcher {
  readonly #work: SharedWork;
  readonly #limits: DispatchLimits;
  readonly #schedule = new Schedule<Upload>();
  readonly #pool: Pool;
  readonly #singles: Lane;
  #isDue = false;
  #unschedule: (() => void) | null = null;

  constructor(work: SharedWork, limits: DispatchLimits) {
    this.#work = work;
    this.#limits = limits;
    this.#pool = new Pool(limits.connections, () => this.wake());
    this.#singles = { next: (now) => this.#nextSingle(now) };
  }

  /** Requests under way. */
  get connections(): number {
    return this.#pool.underWayCount;
  }

  /** Uploads whose requests may leave or are under way. */
  *sending(): Iterable<Upload> {
    yield* this.#schedule.at("send-single");
    yield* this.#schedule.at("send-multipart");
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
      const lanes = [this.#singles, ...this.#schedule.at("send-multipart")];
      this.#pool.startWhatMay(lanes, now);
    }
    this.#wakeAt(this.#settle(now), clock);
  }

  #openSingles(): void {
    if (this.#schedule.count("opening-single") > 0) return;
    if (this.#schedule.count("send-single") >= LOW_WATER_FILES) return;
    const batch: Upload[] = [];
    for (const upload of this.#schedule.at("open-single")) {
      if (batch.length === FILES_PER_REQUEST) break;
      // One request has one set of options.
      if (upload.added.options === (batch[0] ?? upload).added.options) batch.push(upload);
    }
    this.#open(batch);
  }

  #openMultiparts(): void {
    const openCount = () =>
      this.#schedule.count("opening-multipart") + this.#schedule.count("send-multipart");
    for (const upload of this.#schedule.at("open-multipart")) {
      if (openCount() >= this.#limits.openMultiparts) return;
      this.#open([upload]);
    }
  }

  #open(batch: readonly Upload[]): void {
    const first = batch[0];
    if (first === undefined) return;
    const openings = batch.flatMap((upload) => upload.open() ?? []);
    if (openings.length > 0) void openBatch(openings, first.added.options, this.#work);
  }

  #nextSingle(now: number): (() => Promise<void>) | null {
    for (const upload of this.#schedule.at("send-single")) {
      const send = upload.next(now);
      if (send) return send;
    }
    return null;
  }

  /** Says of every upload whether it stands still; answers when the next one may go on. */
  #settle(now: number): number {
    const { blockedUntil } = this.#work.storage.circuit;
    let nextAt = blockedUntil > now ? blockedUntil : Infinity;
    for (const upload of this.sending()) {
      nextAt = Math.min(nextAt, upload.settle(now) ?? Infinity);
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
