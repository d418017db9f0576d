import { openSnappy, type UnpackSnappy } from "../kernel/snappy.ts";
import { createOwnMemory } from "../kernel/web-assembly.ts";
import { damaged } from "./fault.ts";
import type { Scratch } from "./scratch.ts";

/** The kernel's own data lies below. */
const START = 64 * 1024;

/** Bytes behind both places that the kernel may read or write. */
const SLACK = 64;

const WORD_BYTES = 8;

/** Memory has a size in so many bytes. */
const MEMORY_PAGE_BYTES = 64 * 1024;

/** Room for packed pages, and for the pages of some columns behind it, in bytes; what is not touched takes none. */
const PACKED_BYTES = 4 * 1024 * 1024;
const ARENA_BYTES = 32 * 1024 * 1024;

/** Memory, and the kernel in it. */
interface Workshop {
  readonly bytes: Uint8Array;
  readonly unpack: UnpackSnappy;
}

/** Where the pages of a column are unpacked. */
interface Place {
  readonly start: number;
  readonly room: number;
}

/** Unpacks Snappy by the kernel: the pages of each column stay where it has put them, as far as there is room. */
export class SnappyUnpacker {
  readonly #places = new Map<Scratch, Place>();
  #arena: Workshop | null = null;
  #large: Workshop | null = null;
  #free = START + PACKED_BYTES;

  /**
   * @param scratch of the column: its bytes are good until the next page
   * @throws SelectError `ParquetParsingError` for what is not `size` bytes
   */
  unpack(packed: Uint8Array, size: number, scratch: Scratch): Uint8Array {
    if (lengthOf(packed) !== size) throw malformed();
    const place =
      packed.length + WORD_BYTES + SLACK <= PACKED_BYTES ? this.#placeFor(scratch, size) : null;
    if (place === null) return this.#unpackLarge(packed, scratch.take(size));
    this.#arena ??= openWorkshop(ARENA_BYTES);
    return unpackTo(this.#arena, packed, place.start, size);
  }

  #placeFor(scratch: Scratch, size: number): Place | null {
    const known = this.#places.get(scratch);
    if (known && known.room >= size) return known;
    // Numbers are looked at where they lie.
    const room = (size + (size >> 3) + SLACK + 15) & ~15;
    if (this.#free + room > ARENA_BYTES) return null;
    const place = { start: this.#free, room: room - SLACK };
    this.#free += room;
    this.#places.set(scratch, place);
    return place;
  }

  /** In memory that is made anew for larger pages, from where they are copied. */
  #unpackLarge(packed: Uint8Array, output: Uint8Array): Uint8Array {
    const from = START + packed.length + WORD_BYTES + SLACK;
    const needed = from + output.length + SLACK;
    const large = this.#large;
    const workshop = large && large.bytes.length >= needed ? large : openWorkshop(needed);
    this.#large = workshop;
    output.set(unpackTo(workshop, packed, from, output.length));
    return output;
  }
}

function openWorkshop(bytes: number): Workshop {
  const memory = createOwnMemory(Math.ceil(bytes / MEMORY_PAGE_BYTES));
  return { bytes: new Uint8Array(memory.buffer), unpack: openSnappy(memory) };
}

function unpackTo({ bytes, unpack }: Workshop, packed: Uint8Array, start: number, size: number) {
  // Out of shared memory whole words are copied only where both sides lie alike.
  const from = START + (packed.byteOffset % WORD_BYTES);
  bytes.set(packed, from);
  if (!unpack(from, from + packed.length, start, start + size)) throw malformed();
  return bytes.subarray(start, start + size);
}

/** What a block says of its own length. */
function lengthOf(packed: Uint8Array): number {
  let length = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = packed[index] ?? 0;
    length += (byte & 127) * 128 ** index;
    if (byte < 128) return length;
  }
  throw malformed();
}

function malformed(): Error {
  return damaged("a page that Snappy has packed is not sound");
}
