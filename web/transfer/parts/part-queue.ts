import { partRange } from "../../../shared/part-plan.ts";
import type { PartMark } from "../upload-view.ts";

/** Equal parts but for the last; a file that goes in one request is a plan of one part. */
export interface PlanOfParts {
  readonly sizeBytes: number;
  readonly partSizeBytes: number;
  readonly partCount: number;
}

/** A part as the storage holds it. */
export interface HeldPart {
  readonly partNumber: number;
  readonly etag: string;
}

/** Failures of one part since it last moved on; times in milliseconds since 1970. */
export interface PartFailures {
  readonly count: number;
  readonly firstAt: number;
  /** Not sent again before this. */
  readonly notBefore: number;
  /** Of these, time-outs in a row. */
  readonly stalls: number;
  /** Of these, refused signatures in a row. */
  readonly denials: number;
}

const NO_FAILURES: PartFailures = { count: 0, firstAt: 0, notBefore: 0, stalls: 0, denials: 0 };

/**
 * Which parts of one upload the storage holds, which are under way, and which come next.
 * Every part is in exactly one of: held, under way, returned (to be sent again), or fresh.
 */
export class PartQueue {
  readonly plan: PlanOfParts;
  readonly #etags = new Map<number, string>();
  readonly #sentBytes = new Map<number, number>();
  readonly #returned = new Set<number>();
  readonly #failures = new Map<number, PartFailures>();
  /** Every part below it is held, under way or returned. */
  #firstFresh = 1;
  #heldBytes = 0;
  #startCount = 0;
  #marks: readonly PartMark[] | null = null;

  constructor(plan: PlanOfParts) {
    this.plan = plan;
  }

  get isComplete(): boolean {
    return this.#etags.size === this.plan.partCount;
  }

  /** Requests that left so far, whatever came of them. */
  get startCount(): number {
    return this.#startCount;
  }

  get underWayCount(): number {
    return this.#sentBytes.size;
  }

  /** Bytes held and bytes that left of parts under way. */
  get sentBytes(): number {
    let sum = this.#heldBytes;
    for (const bytes of this.#sentBytes.values()) sum += bytes;
    return sum;
  }

  /** One mark a part, in order; the same array until a mark changes. */
  get marks(): readonly PartMark[] {
    this.#marks ??= Array.from({ length: this.plan.partCount }, (_, index) =>
      this.#markOf(index + 1),
    );
    return this.#marks;
  }

  /** Everything the storage holds, in order. */
  get held(): readonly HeldPart[] {
    return [...this.#etags]
      .map(([partNumber, etag]) => ({ partNumber, etag }))
      .toSorted((a, b) => a.partNumber - b.partNumber);
  }

  /** The next parts to send, at most `limit`, returned ones first; some may have to wait still. */
  upcoming(limit: number): readonly number[] {
    const next = [...this.#returned].slice(0, limit);
    let partNumber = this.#firstFresh;
    while (partNumber <= this.plan.partCount && next.length < limit) {
      if (this.#isFresh(partNumber)) next.push(partNumber);
      partNumber += 1;
    }
    return next;
  }

  failuresOf(partNumber: number): PartFailures {
    return this.#failures.get(partNumber) ?? NO_FAILURES;
  }

  /** A part leaves. */
  start(partNumber: number): void {
    this.#startCount += 1;
    this.#returned.delete(partNumber);
    this.#sentBytes.set(partNumber, 0);
    while (this.#firstFresh <= this.plan.partCount && !this.#isFresh(this.#firstFresh)) {
      this.#firstFresh += 1;
    }
    this.#marks = null;
  }

  /** So many bytes of a part under way have left; answers by how many that is more than before. */
  move(partNumber: number, sentBytes: number): number {
    const before = this.#sentBytes.get(partNumber);
    if (before === undefined) return 0;
    // A form's body is longer than the part in it.
    const now = Math.max(before, Math.min(sentBytes, this.#sizeOf(partNumber)));
    this.#sentBytes.set(partNumber, now);
    return now - before;
  }

  /** The storage has a part. */
  hold(partNumber: number, etag: string): void {
    if (!this.#etags.has(partNumber)) this.#heldBytes += this.#sizeOf(partNumber);
    this.#etags.set(partNumber, etag);
    this.#sentBytes.delete(partNumber);
    this.#failures.delete(partNumber);
    this.#marks = null;
  }

  /** A part has to be sent again. */
  giveBack(partNumber: number, failures?: PartFailures): void {
    this.#sentBytes.delete(partNumber);
    this.#returned.add(partNumber);
    if (failures) this.#failures.set(partNumber, failures);
    this.#marks = null;
  }

  /** Nothing is under way any more; nobody is to blame. */
  giveBackAll(): void {
    for (const partNumber of this.#sentBytes.keys()) this.giveBack(partNumber);
  }

  /** Nothing has to wait any more. */
  forgetFailures(): void {
    this.#failures.clear();
  }

  /** Starts over from what the storage says; parts of another size than planned are sent again. */
  reconcile(listed: Iterable<{ partNumber: number; sizeBytes: number; etag: string }>): void {
    this.#etags.clear();
    this.#sentBytes.clear();
    this.#returned.clear();
    this.#failures.clear();
    this.#heldBytes = 0;
    this.#firstFresh = 1;
    this.#marks = null;
    for (const part of listed) {
      if (part.partNumber > this.plan.partCount) continue;
      if (part.sizeBytes === this.#sizeOf(part.partNumber)) this.hold(part.partNumber, part.etag);
    }
  }

  #isFresh(partNumber: number): boolean {
    return (
      !this.#etags.has(partNumber) &&
      !this.#sentBytes.has(partNumber) &&
      !this.#returned.has(partNumber)
    );
  }

  #sizeOf(partNumber: number): number {
    const { start, end } = partRange(this.plan, partNumber);
    return end - start;
  }

  #markOf(partNumber: number): PartMark {
    if (this.#etags.has(partNumber)) return 3;
    if (this.#failures.has(partNumber)) return 2;
    return this.#sentBytes.has(partNumber) ? 1 : 0;
  }
}
