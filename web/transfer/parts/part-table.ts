import type { ByteRange } from "../../../shared/byte-range.ts";
import type { PartMark } from "../upload-view.ts";

/** A part with its bytes: `start` inclusive, `end` exclusive; part numbers count from 1. */
export interface PartRange extends ByteRange {
  readonly partNumber: number;
}

/** A part that the storage holds. */
export interface HeldPart extends PartRange {
  readonly etag: string;
  /** Base64, of the upload's algorithm; null where nobody has computed it. */
  readonly checksum: string | null;
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
  /** Of these, answers whose checksum was not ours. */
  readonly mismatches: number;
}

/** A part that nothing has gone wrong with. */
export const NO_FAILURES: PartFailures = {
  count: 0,
  firstAt: 0,
  notBefore: 0,
  stalls: 0,
  denials: 0,
  mismatches: 0,
};

/**
 * Which bytes became which parts, which of them the storage holds, which are under way, and which
 * come next. Ranges are given out in order, so that the parts tile the bytes; every part is in
 * exactly one of: held, under way, returned (to be sent again).
 */
export class PartTable {
  readonly #ranges: PartRange[] = [];
  readonly #held = new Map<number, { readonly etag: string; readonly checksum: string | null }>();
  readonly #sentBytes = new Map<number, number>();
  readonly #returned = new Set<number>();
  readonly #failures = new Map<number, PartFailures>();
  #sizeBytes: number;
  #heldBytes = 0;
  #startCount = 0;
  #marks: readonly PartMark[] | null = null;

  /** @param sizeBytes of the whole; for a stream, of what was read of it so far */
  constructor(sizeBytes: number) {
    this.#sizeBytes = sizeBytes;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Bytes that belong to no part yet. */
  get unassignedBytes(): number {
    return this.#sizeBytes - this.#assignedBytes;
  }

  /** Of the part that comes after the last. */
  get nextPartNumber(): number {
    return this.#ranges.length + 1;
  }

  /** Every byte has a part that the storage holds; an empty file is one empty part. */
  get isComplete(): boolean {
    return (
      this.#ranges.length > 0 &&
      this.unassignedBytes === 0 &&
      this.#held.size === this.#ranges.length
    );
  }

  /** Whether there is a part to be made, be it an empty one. */
  get hasUnassigned(): boolean {
    return this.unassignedBytes > 0 || this.#ranges.length === 0;
  }

  /** Requests that left so far, whatever came of them. */
  get startCount(): number {
    return this.#startCount;
  }

  get underWayCount(): number {
    return this.#sentBytes.size;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Bytes held and bytes that left of parts under way. */
  get sentBytes(): number {
    let sum = this.#heldBytes;
    for (const bytes of this.#sentBytes.values()) sum += bytes;
    return sum;
  }

  /** Bytes of parts under way that have not left. */
  get aheadBytes(): number {
    let sum = 0;
    for (const [partNumber, bytes] of this.#sentBytes) sum += this.#sizeOf(partNumber) - bytes;
    return sum;
  }

  /** One mark a part, in order; the same array until a mark changes. */
  get marks(): readonly PartMark[] {
    this.#marks ??= this.#ranges.map(({ partNumber }) => this.#markOf(partNumber));
    return this.#marks;
  }

  /** Every part that has its bytes, in order. */
  get ranges(): readonly PartRange[] {
    return this.#ranges;
  }

  /** Everything the storage holds, in order. */
  get held(): readonly HeldPart[] {
    return this.#ranges.flatMap((range) => {
      const held = this.#held.get(range.partNumber);
      return held ? [{ ...range, ...held }] : [];
    });
  }

  /** Parts to be sent again, those that were given back first first. */
  get returned(): Iterable<number> {
    return this.#returned;
  }

  get underWay(): Iterable<number> {
    return this.#sentBytes.keys();
  }

  /** @throws RangeError for a part that has no bytes yet */
  rangeOf(partNumber: number): PartRange {
    const range = this.#ranges[partNumber - 1];
    if (range === undefined) throw new RangeError(`Part ${partNumber} has no bytes yet`);
    return range;
  }

  /** Whether any part failed since it last moved on. */
  get hasFailures(): boolean {
    return this.#failures.size > 0;
  }

  failuresOf(partNumber: number): PartFailures {
    return this.#failures.get(partNumber) ?? NO_FAILURES;
  }

  /** The storage's word on a part; undefined where it does not hold it. */
  heldChecksum(partNumber: number): string | null | undefined {
    return this.#held.get(partNumber)?.checksum;
  }

  sentOf(partNumber: number): number {
    return this.#sentBytes.get(partNumber) ?? 0;
  }

  /** More of a stream was read. */
  grow(sizeBytes: number): void {
    this.#sizeBytes = Math.max(this.#sizeBytes, sizeBytes);
    this.#marks = null;
  }

  /** Makes the next part of at most `sizeBytes`; it has to be started or given back next. */
  assign(sizeBytes: number): PartRange {
    const start = this.#assignedBytes;
    const end = Math.min(start + sizeBytes, this.#sizeBytes);
    const range = { partNumber: this.nextPartNumber, start, end };
    this.#ranges.push(range);
    this.#returned.add(range.partNumber);
    this.#marks = null;
    return range;
  }

  /**
   * Takes back the bytes of the last parts, as far as they are neither held nor under way, so that
   * they can be cut in another way.
   */
  unassignTail(): void {
    for (let last = this.#ranges.at(-1); last; last = this.#ranges.at(-1)) {
      if (!this.#returned.delete(last.partNumber)) break;
      this.#failures.delete(last.partNumber);
      this.#ranges.pop();
    }
    this.#marks = null;
  }

  /** A part leaves. */
  start(partNumber: number): void {
    this.#startCount += 1;
    this.#returned.delete(partNumber);
    if (!this.#sentBytes.has(partNumber)) this.#sentBytes.set(partNumber, 0);
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
  hold(partNumber: number, etag: string, checksum: string | null): void {
    if (!this.#held.has(partNumber)) this.#heldBytes += this.#sizeOf(partNumber);
    this.#held.set(partNumber, { etag, checksum });
    this.#sentBytes.delete(partNumber);
    this.#returned.delete(partNumber);
    this.#failures.delete(partNumber);
    this.#marks = null;
  }

  /** A part has to be sent again. */
  giveBack(partNumber: number, failures?: PartFailures): void {
    this.#sentBytes.delete(partNumber);
    if (!this.#held.has(partNumber)) this.#returned.add(partNumber);
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

  /**
   * Starts over from what the storage says. A part of another size than given out is sent again;
   * one behind the last that is known was given out in a moment that nobody remembers.
   */
  reconcile(
    listed: Iterable<{ partNumber: number; sizeBytes: number; etag: string }>,
    checksumOf: (partNumber: number) => string | null = () => null,
  ): void {
    const known = new Map(
      [...this.#held].map(([partNumber, { checksum }]) => [partNumber, checksum]),
    );
    this.#held.clear();
    this.#sentBytes.clear();
    this.#failures.clear();
    this.#heldBytes = 0;
    for (const { partNumber } of this.#ranges) this.#returned.add(partNumber);
    for (const { partNumber, sizeBytes, etag } of listed) {
      if (partNumber === this.nextPartNumber && sizeBytes <= this.unassignedBytes) {
        this.assign(sizeBytes);
      }
      const range = this.#ranges[partNumber - 1];
      if (range === undefined || sizeBytes !== range.end - range.start) continue;
      this.hold(partNumber, etag, known.get(partNumber) ?? checksumOf(partNumber));
    }
    this.unassignTail();
  }

  get #assignedBytes(): number {
    return this.#ranges.at(-1)?.end ?? 0;
  }

  #sizeOf(partNumber: number): number {
    const { start, end } = this.rangeOf(partNumber);
    return end - start;
  }

  #markOf(partNumber: number): PartMark {
    if (this.#held.has(partNumber)) return 3;
    if (this.#failures.has(partNumber)) return 2;
    return this.#sentBytes.has(partNumber) ? 1 : 0;
  }
}
