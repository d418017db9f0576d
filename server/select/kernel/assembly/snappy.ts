/** What is copied at once, in bytes. */
const WORD: usize = 16;

/**
 * Unpacks a block of Snappy; behind the packed bytes and behind the output there are 64 that nobody minds, because
 * whole words are copied.
 * @returns 1, or 0 for a block that is not sound, or that does not fill the output
 * @see https://github.com/google/snappy/blob/main/format_description.txt
 */
export function unpackSnappy(packed: usize, packedEnd: usize, output: usize, outputEnd: usize): i32 {
  let from = packed;
  // The length comes first.
  while (from < packedEnd && load<u8>(from) > 127) from += 1;
  from += 1;
  let to = output;
  while (from < packedEnd) {
    const tag = <u32>load<u8>(from);
    from += 1;
    const kind = tag & 3;
    if (kind == 0) {
      let length = <usize>(tag >> 2) + 1;
      if (length <= WORD) {
        v128.store(to, v128.load(from));
      } else {
        if (length > 60) {
          const extra = <u32>length - 60;
          const long = load<u32>(from) & (<u32>0xffffffff >> (32 - 8 * extra));
          // Nothing of this size fits, and larger ones would wrap around.
          if (long > 0x3fffffff) return 0;
          length = <usize>long + 1;
          from += extra;
        }
        if (from + length > packedEnd || to + length > outputEnd) return 0;
        memory.copy(to, from, length);
      }
      from += length;
      to += length;
      if (from > packedEnd || to > outputEnd) return 0;
      continue;
    }
    let length: usize;
    let offset: usize;
    if (kind == 1) {
      length = <usize>((tag >> 2) & 7) + 4;
      offset = (<usize>(tag >> 5) << 8) | <usize>load<u8>(from);
      from += 1;
    } else {
      length = <usize>(tag >> 2) + 1;
      offset = kind == 2 ? <usize>load<u16>(from) : <usize>load<u32>(from);
      from += kind == 2 ? 2 : 4;
    }
    if (from > packedEnd || offset == 0 || offset > to - output || to + length > outputEnd) return 0;
    copyBack(to, offset, length);
    to += length;
  }
  return from == packedEnd && to == outputEnd ? 1 : 0;
}

/** Copies up to 64 bytes from `offset` bytes before; where they overlap, they repeat themselves. */
// @ts-ignore: decorator
@inline
function copyBack(to: usize, offset: usize, length: usize): void {
  const from = to - offset;
  if (offset >= WORD) {
    v128.store(to, v128.load(from));
    for (let done = WORD; done < length; done += WORD) v128.store(to + done, v128.load(from + done));
  } else if (offset >= 8) {
    for (let done: usize = 0; done < length; done += 8) store<u64>(to + done, load<u64>(from + done));
  } else {
    for (let done: usize = 0; done < length; done += 1) store<u8>(to + done, load<u8>(from + done));
  }
}
