import { snappyUncompress } from "hyparquet";
import { openSnappy, type UnpackSnappy } from "../kernel/snappy.ts";
import { createOwnMemory } from "../kernel/web-assembly.ts";
import { damaged } from "./fault.ts";

/** The kernel's own data lies below. */
const START = 64 * 1024;

/** Bytes behind both places that the kernel may read or write. */
const SLACK = 64;

/** In pages of 64 KiB; what is not touched takes no memory. */
const MEMORY_PAGES = 256;
const MEMORY_BYTES = MEMORY_PAGES * 64 * 1024;

/** Unpacks Snappy: by the kernel, and without it what is too large for its memory. */
export class SnappyUnpacker {
  #bytes: Uint8Array | null = null;
  #unpack: UnpackSnappy | null = null;

  /** @throws SelectError `ParquetParsingError` for what does not fill `output` exactly */
  unpack(packed: Uint8Array, output: Uint8Array): void {
    if (lengthOf(packed) !== output.length) throw malformed();
    const from = START + packed.length + SLACK;
    const to = from + output.length;
    if (to + SLACK > MEMORY_BYTES) {
      snappyUncompress(packed, output);
      return;
    }
    const bytes = this.#open();
    bytes.set(packed, START);
    if (!this.#unpack?.(START, START + packed.length, from, to)) throw malformed();
    output.set(bytes.subarray(from, to));
  }

  #open(): Uint8Array {
    if (this.#bytes !== null) return this.#bytes;
    const memory = createOwnMemory(MEMORY_PAGES);
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
