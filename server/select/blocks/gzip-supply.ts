import { crc32 } from "node:zlib";
import { SelectError } from "../../../shared/select/select-error.ts";
import * as at from "../kernel/assembly/inflate-layout.ts";
import { openKernel, type Kernel } from "../kernel/kernel.ts";
import type { KernelMemory } from "../kernel/web-assembly.ts";
import { PACKED_BYTES, unpackingOf } from "./block-memory.ts";
import type { ByteSupply } from "./byte-supply.ts";
import { gzipHeaderLength } from "./gzip-header.ts";

/** Behind each member: its checksum and its length. */
const TRAILER_BYTES = 8;

/** A header that is longer than this is none. */
const MAX_HEADER_BYTES = PACKED_BYTES / 2;

/** Unpacks gzip, of one member or several, right to where it is needed. */
export class GzipSupply implements ByteSupply {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #kernel: Kernel;
  readonly #bytes: Uint8Array;
  readonly #state: DataView;
  readonly #inputRoom: number;
  /** Where input lies that was not used. */
  #input: number;
  #inputEnd: number;
  #isInputOver = false;
  /** Of a piece, what had no room. */
  #waiting: Uint8Array = new Uint8Array(0);
  /** What was unpacked last, which later bytes may refer to. */
  #window: Uint8Array = new Uint8Array(0);
  /** What was unpacked beyond a target's end. */
  #surplus: Uint8Array = new Uint8Array(0);
  /** Null between members. */
  #member: { crc: number; sizeBytes: number } | null = null;
  #memberCount = 0;
  #isOver = false;

  constructor(pieces: AsyncIterable<Uint8Array>, memory: KernelMemory) {
    const { state, input } = unpackingOf(memory);
    this.#pieces = pieces[Symbol.asyncIterator]();
    this.#kernel = openKernel(memory);
    this.#bytes = new Uint8Array(memory.buffer);
    this.#state = new DataView(memory.buffer, state, at.INFLATE_BYTES);
    this.#inputRoom = input;
    this.#input = input;
    this.#inputEnd = input;
  }

  /** @throws SelectError `InvalidCompressionFormat`, `TruncatedInput` */
  async fill(target: Uint8Array): Promise<number> {
    const start = target.byteOffset;
    const end = start + target.length;
    this.#bytes.set(this.#window, start - this.#window.length);
    this.#bytes.set(this.#surplus, start);
    let output = start + this.#surplus.length;
    while (output < end && !this.#isOver) {
      if (this.#member === null) await this.#beginMember();
      else output = await this.#unpack(this.#member, output, end);
    }
    const filled = Math.min(output, end);
    this.#surplus = this.#bytes.slice(filled, output);
    const kept = Math.min(at.WINDOW_BYTES, filled - start + this.#window.length);
    this.#window = this.#bytes.slice(filled - kept, filled);
    return filled - start;
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #beginMember(): Promise<void> {
    for (;;) {
      const length = gzipHeaderLength(this.#bytes.subarray(this.#input, this.#inputEnd));
      const isThere = this.#inputEnd > this.#input;
      if (typeof length === "number") {
        this.#input += length;
        this.#member = { crc: 0, sizeBytes: 0 };
        this.#memberCount += 1;
        new Uint8Array(this.#state.buffer, this.#state.byteOffset, at.LENGTHS).fill(0);
        return;
      }
      if (length === "none" && this.#memberCount > 0 && isThere) {
        // As other programs do: what stands behind the last member belongs to nobody.
        this.#isOver = true;
        return;
      }
      if (length === "none" || this.#inputEnd - this.#input > MAX_HEADER_BYTES) throw notGzip();
      if (this.#isInputOver) {
        if (this.#memberCount === 0 || isThere) throw endsTooSoon();
        this.#isOver = true;
        return;
      }
      await this.#readMore();
    }
  }

  /** Answers where the output goes on. */
  async #unpack(
    member: { crc: number; sizeBytes: number },
    output: number,
    end: number,
  ): Promise<number> {
    const inputEnd = this.#isInputOver ? this.#padded() : this.#inputEnd;
    const window = output - Math.min(at.WINDOW_BYTES, member.sizeBytes);
    const { byteOffset: state } = this.#state;
    const answer = this.#kernel.inflate(state, this.#input, inputEnd, window, output, end);
    this.#input = this.#state.getUint32(at.INPUT, true);
    const next = this.#state.getUint32(at.OUTPUT, true);
    member.crc = crc32(this.#bytes.subarray(output, next), member.crc);
    member.sizeBytes += next - output;
    if (answer === at.DAMAGED) throw damaged();
    if (this.#input > this.#inputEnd) throw endsTooSoon();
    if (answer === at.FINISHED) await this.#endMember(member);
    else if (answer === at.NEEDS_INPUT) {
      if (this.#isInputOver) throw endsTooSoon();
      await this.#readMore();
    }
    return next;
  }

  async #endMember({ crc, sizeBytes }: { crc: number; sizeBytes: number }): Promise<void> {
    while (this.#inputEnd - this.#input < TRAILER_BYTES) {
      if (this.#isInputOver) throw endsTooSoon();
      await this.#readMore();
    }
    const trailer = new DataView(this.#bytes.buffer, this.#input, TRAILER_BYTES);
    const isSame =
      trailer.getUint32(0, true) === crc && trailer.getUint32(4, true) === sizeBytes % 2 ** 32;
    if (!isSame) throw damaged();
    this.#input += TRAILER_BYTES;
    this.#member = null;
  }

  /** Puts more behind what was not used. */
  async #readMore(): Promise<void> {
    this.#bytes.copyWithin(this.#inputRoom, this.#input, this.#inputEnd);
    this.#inputEnd -= this.#input - this.#inputRoom;
    this.#input = this.#inputRoom;
    if (this.#waiting.length === 0) {
      const next = await this.#pieces.next();
      if (next.done === true) {
        this.#isInputOver = true;
        return;
      }
      this.#waiting = next.value;
    }
    const taken = this.#waiting.subarray(0, this.#inputRoom + PACKED_BYTES - this.#inputEnd);
    this.#bytes.set(taken, this.#inputEnd);
    this.#inputEnd += taken.length;
    this.#waiting = this.#waiting.subarray(taken.length);
  }

  /** Zeros behind the input's end, which the decoder may look at. */
  #padded(): number {
    const end = this.#inputEnd + at.INPUT_MARGIN + at.INPUT_MARGIN / 2;
    this.#bytes.fill(0, this.#inputEnd, end);
    return end;
  }
}

function notGzip(): SelectError {
  return new SelectError("InvalidCompressionFormat", "The object is not GZIP.");
}

function endsTooSoon(): SelectError {
  return new SelectError("TruncatedInput", "The compressed object ends too soon.");
}

function damaged(): SelectError {
  return new SelectError("TruncatedInput", "The compressed object is damaged.");
}
