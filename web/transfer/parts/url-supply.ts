import { MIN_PART_SIZE_BYTES } from "../../../shared/limits.ts";
import { callBackend } from "../backend/backend-call.ts";
import { toTransferError, type TransferError } from "../problem.ts";
import { isLarge, type Session } from "../session.ts";
import type { SharedWork } from "../shared-work.ts";
import { WINDOW_PARTS } from "./signed-urls.ts";

/** What a supply tells its sender. */
export interface SupplyEvents {
  /** URLs have come. */
  arrived(): void;
  /** The next try is put off. */
  again(): void;
  /** There will be none in this attempt. */
  ended(error: TransferError): void;
}

/** A request for URLs that failed and is sent again; milliseconds since 1970. */
export interface SupplyWait {
  readonly retryAt: number;
  readonly error: TransferError;
}

/**
 * The next parts to leave, at most a window of them; of those that have no bytes yet as many as
 * there may be.
 */
export function upcomingParts({ parts, cut }: Session, isSizeKnown: boolean): readonly number[] {
  const next = [...parts.returned].slice(0, WINDOW_PARTS);
  if (cut.kind === "single" || (isSizeKnown && !parts.hasUnassigned)) return next;
  const leastBytes = cut.kind === "equal" ? cut.partSizeBytes : MIN_PART_SIZE_BYTES;
  const mostParts = isSizeKnown ? Math.ceil(parts.unassignedBytes / leastBytes) : WINDOW_PARTS;
  const count = Math.min(WINDOW_PARTS - next.length, mostParts);
  for (let ahead = 0; ahead < count; ahead += 1) next.push(parts.nextPartNumber + ahead);
  return next;
}

/** Fetches signed URLs of one session, one request at a time. */
export class UrlSupply {
  readonly #session: Session;
  readonly #work: SharedWork;
  readonly #signal: AbortSignal;
  readonly #events: SupplyEvents;
  #state: "idle" | "asking" | SupplyWait = "idle";

  constructor(session: Session, work: SharedWork, signal: AbortSignal, events: SupplyEvents) {
    this.#session = session;
    this.#work = work;
    this.#signal = signal;
    this.#events = events;
  }

  get isIdle(): boolean {
    return this.#state === "idle";
  }

  /** Null where nothing waits to be sent again. */
  get wait(): SupplyWait | null {
    return typeof this.#state === "object" ? this.#state : null;
  }

  /** Asks for URLs of `partNumbers`, each with the checksum that it has to carry. */
  async ask(partNumbers: readonly number[], checksumOf: (partNumber: number) => string | null) {
    const { api, clock, origins } = this.#work;
    this.#state = "asking";
    const checksums = partNumbers.flatMap((partNumber) => {
      const value = checksumOf(partNumber);
      return value === null ? [] : [{ partNumber, value }];
    });
    const wanted = origins.wanted(isLarge(this.#session));
    const request = {
      partNumbers: [...partNumbers],
      ...(wanted && { origins: wanted }),
      ...(checksums.length > 0 && { checksums }),
    };
    try {
      const call = () => api.sign(this.#session.id, request, this.#signal);
      const signed = await callBackend(call, this.#work, {
        signal: this.#signal,
        onRetry: ({ error, delayMs }) => {
          this.#state = { retryAt: clock.now() + delayMs, error: toTransferError(error) };
          this.#events.again();
        },
      });
      this.#session.urls.add(signed.parts, signed.expiresAt);
      if (signed.form) this.#session.urls.form = signed.form;
      this.#state = "idle";
      this.#events.arrived();
    } catch (error) {
      this.#state = "idle";
      if (!this.#signal.aborted) this.#events.ended(toTransferError(error));
    }
  }
}
