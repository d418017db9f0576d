import { openSnappy, type UnpackSnappy } from "../kernel/snappy.ts";
import { createOwnMemory } from "../kernel/web-assembly.ts";
import { damaged } from "./fault.ts";

/** The kernel's own data lies below. */
const START = 64 * 1024;

/** Bytes behind both places that the kernel may read or write. */
const SLACK = 64;

/** Memory grows by so much, in bytes. */
const MEMORY_PAGE_BYTES = 64 * 1024;

/** Enough for most pages, in bytes; what is not touched takes no room. */
const LEAST_BYTES = 16 * 1024 * 1024;

/** Unpacks Snappy by the kernel, in memory that is made anew for larger pages. */
export class SnappyUnpacker {
  #bytes: Uint8Array | null = null;
  #unpack: UnpackSnappy | null = null;

  /** @throws SelectError `ParquetParsingError` for what does not fill `output` exactly */
  unpack(packed: Uint8Array, output: Uint8Array): void {
    if (lengthOf(packed) !== output.length) throw malformed();
    const from = START + packed.length + SLACK;
    const to = from + output.length;
    const bytes = this.#open(to + SLACK);
    bytes.set(packed, START);
    if (!this.#unpack?.(START, START + packed.length, from, to)) throw malformed();
    output.set(bytes.subarray(from, to));
  }

  #open(neededBytes: number): Uint8Array {
    if (this.#bytes !== null && this.#bytes.length >= neededBytes) return this.#bytes;
    const bytes = Math.max(LEAST_BYTES, neededBytes);
    const memory = createOwnMemory(Math.ceil(bytes / MEMORY_PAGE_BYTES));
    this.#unpack = openSnappy(memory);
    this.#bytes = new Uint8Array(memory.buffer);
    return this.#bytes;
  }
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
