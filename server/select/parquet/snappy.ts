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

/** Room for packed pages before those of some columns, in bytes. */
const PACKED_BYTES = 4 * 1024 * 1024;

/**
 * Memory for a few columns, and for more of them, in bytes, packed pages included: what is not touched takes none, but
 * the collector of garbage hurries for all that is there.
 */
const ARENA_BYTES = [12 * 1024 * 1024, 36 * 1024 * 1024];

/** Memory, and the kernel in it. */
interface Workshop {
  readonly bytes: Uint8Array;
  readonly unpack: UnpackSnappy;
}

/** A workshop for the pages of several columns. */
interface Arena {
  readonly workshop: Workshop;
  /** What lies from here on is nobody's. */
  free: number;
}

/** Where the pages of a column are unpacked. */
interface Place {
  readonly workshop: Workshop;
  readonly start: number;
  readonly room: number;
}

/** Unpacks Snappy by the kernel: the pages of each column stay where it has put them, as far as there is room. */
export class SnappyUnpacker {
  readonly #places = new Map<Scratch, Place>();
  readonly #arenas: Arena[] = [];
  #large: Workshop | null = null;

  /**
   * @param scratch of the column: its bytes are good until the next page
   * @throws SelectError `ParquetParsingError` for what is not `size` bytes
   */
  unpack(packed: Uint8Array, size: number, scratch: Scratch): Uint8Array {
    if (lengthOf(packed) !== size) throw malformed();
    const isSmall = packed.length + WORD_BYTES + SLACK <= PACKED_BYTES;
    const place = isSmall ? this.#placeFor(scratch, size) : null;
    if (place === null) return this.#unpackLarge(packed, scratch.take(size));
    return unpackTo(place.workshop, packed, place.start, size);
  }

  #placeFor(scratch: Scratch, size: number): Place | null {
    const known = this.#places.get(scratch);
    if (known && known.room >= size) return known;
    // Numbers are looked at where they lie.
    const room = (size + (size >> 3) + SLACK + 15) & ~15;
    const arena = this.#arenaFor(room);
    if (arena === null) return null;
    const place = { workshop: arena.workshop, start: arena.free, room: room - SLACK };
    arena.free += room;
    this.#places.set(scratch, place);
    return place;
  }

  /** The first arena that has room, which is opened when it is needed. */
  #arenaFor(room: number): Arena | null {
    for (const [index, bytes] of ARENA_BYTES.entries()) {
      const free = this.#arenas[index]?.free ?? START + PACKED_BYTES;
      if (free + room <= bytes) return (this.#arenas[index] ??= openArena(bytes));
    }
    return null;
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

function openArena(bytes: number): Arena {
  return { workshop: openWorkshop(bytes), free: START + PACKED_BYTES };
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
