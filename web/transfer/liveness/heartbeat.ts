import { MAX_UPLOADS_PER_HEARTBEAT, type HeartbeatRequest } from "../../../shared/admin-api.ts";
import type { Clock } from "../time/clock.ts";

/** What is said of an upload. */
export type LifeSign = HeartbeatRequest["uploads"][number]["state"];

/** An upload as it is spoken of. */
export interface Living {
  /** As the backend issued it. */
  readonly id: string;
  /** Null where there is nothing to say: it is over, or nobody has begun it. */
  readonly sign: LifeSign | null;
}

/** Says so to the backend; a failure is the next one's to mend. */
export type SendSigns = (request: HeartbeatRequest, isLeaving: boolean) => Promise<void>;

/** A change is told within this, in milliseconds: what is over sooner was never worth a word. */
const SETTLE_MS = 2000;

/** The backend takes an upload that is silent for three of these for put aside, in milliseconds. */
const PERIOD_MS = 60_000;

/** Browsers let a page that is left send so much, in bytes. */
const MAX_LEAVING_BYTES = 60_000;

/**
 * Tells the backend which uploads are alive, so that whoever looks at the bucket can tell an upload
 * under way from one that nobody will ever end.
 */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #living: () => Iterable<Living>;
  readonly #send: SendSigns;
  /** The last word on each upload. */
  readonly #said = new Map<string, LifeSign>();
  #timer: { readonly at: number; readonly stop: () => void } | null = null;
  #isClosed = false;

  /** @param living every upload that is not over */
  constructor(clock: Clock, living: () => Iterable<Living>, send: SendSigns) {
    this.#clock = clock;
    this.#living = living;
    this.#send = send;
  }

  /** An upload began, was put aside, went on or ended. */
  changed({ id, sign }: Living): void {
    if (sign === null) this.#said.delete(id);
    else if (this.#said.get(id) !== sign) this.#wake(SETTLE_MS);
  }

  /** The page is left: what was under way stands still from now on. */
  leave(): void {
    const request: HeartbeatRequest = { uploads: [] };
    let sizeBytes = 0;
    for (const { id, sign } of this.#living()) {
      sizeBytes += id.length + 64;
      if (sizeBytes > MAX_LEAVING_BYTES) break;
      if (sign !== "uploading" || request.uploads.length >= MAX_UPLOADS_PER_HEARTBEAT) continue;
      request.uploads.push({ id, state: "paused" });
      // A page that comes back from the cache says otherwise.
      this.#said.set(id, "paused");
    }
    if (request.uploads.length > 0) void this.#send(request, true).catch(() => undefined);
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.stop();
    this.#timer = null;
  }

  #wake(delayMs: number): void {
    const at = this.#clock.now() + delayMs;
    if (this.#isClosed || (this.#timer !== null && this.#timer.at <= at)) return;
    this.#timer?.stop();
    this.#timer = { at, stop: this.#clock.schedule(() => void this.#beat(), delayMs) };
  }

  async #beat(): Promise<void> {
    this.#timer = null;
    const signs = [...this.#living()].flatMap(({ id, sign }) => {
      // Whoever pauses says so once.
      const isDue = sign === "uploading" || (sign !== null && this.#said.get(id) !== sign);
      return isDue ? [{ id, state: sign }] : [];
    });
    if (signs.length === 0) return;
    this.#wake(PERIOD_MS);
    for (const { id, state } of signs) this.#said.set(id, state);
    for (let start = 0; start < signs.length; start += MAX_UPLOADS_PER_HEARTBEAT) {
      const uploads = signs.slice(start, start + MAX_UPLOADS_PER_HEARTBEAT);
      await this.#send({ uploads }, false).catch(() => {
        // Said again with the next beat.
        for (const { id } of uploads) this.#said.delete(id);
      });
    }
  }
}
