/** What is copied at once, in bytes. */
const WORD: usize = 16;

/** Most that any element takes but long literals, packed as well as unpacked, in bytes. */
const MOST: usize = 64;

/** Where the packed bytes and the output were left. */
let packedAt: usize = 0;
let outputAt: usize = 0;

/**
 * Unpacks a block of Snappy; behind the packed bytes and behind the output there are 64 that nobody minds, because
 * whole words are copied.
 * @returns 1, or 0 for a block that is not sound, or that does not fill the output
 * @see https://github.com/google/snappy/blob/main/format_description.txt
 */
export function unpackSnappy(packed: usize, packedEnd: usize, output: usize, outputEnd: usize): i32 {
  packedAt = packed;
  outputAt = output;
  // The length comes first.
  while (packedAt < packedEnd && load<u8>(packedAt) > 127) packedAt += 1;
  packedAt += 1;
  const isLong = packedEnd - packed > MOST && outputEnd - output > MOST;
  while (packedAt < packedEnd) {
    if (isLong && outputAt - output >= WORD) {
      unpackEasy(packedEnd - MOST, output, outputEnd - MOST);
      if (packedAt >= packedEnd) break;
    }
    if (!unpackAny(packedEnd, output, outputEnd)) return 0;
  }
  return packedAt == packedEnd && outputAt == outputEnd ? 1 : 0;
}

/**
 * Unpacks short literals and copies from a word or more before, which nearly all elements are, until one is neither, or
 * might end beyond its room. Which of two kinds a copy is, nobody can foretell: there is no branch on it.
 */
function unpackEasy(packedLast: usize, output: usize, outputLast: usize): void {
  let from = packedAt;
  let to = outputAt;
  const first = output + WORD;
  while (from < packedLast && to < outputLast) {
    const tag = <u32>load<u8>(from);
    const kind = tag & 3;
    const high = tag >> 2;
    if (kind == 0) {
      const length = <usize>high + 1;
      if (length > WORD) break;
      v128.store(to, v128.load(from, 1));
      from += length + 1;
      to += length;
      continue;
    }
    if (kind == 3) break;
    const trailer = <u32>load<u16>(from, 1);
    const near = kind & 1;
    const length: usize = select<u32>((high & 7) + 4, high + 1, near);
    const offset: usize = select<u32>(((high >> 3) << 8) | (trailer & 255), trailer, near);
    if (offset - WORD > to - first) break;
    copyWords(to, to - offset, length);
    from += 1 + kind;
    to += length;
  }
  packedAt = from;
  outputAt = to;
}

/** Unpacks one element, whatever it is; answers whether it is sound. */
function unpackAny(packedEnd: usize, output: usize, outputEnd: usize): bool {
  const tag = <u32>load<u8>(packedAt);
  const kind = tag & 3;
  let from = packedAt + 1;
  let length = <usize>(tag >> 2) + 1;
  if (kind == 0) {
    if (length > 60) {
      const extra = <u32>length - 60;
      const long = load<u32>(from) & (<u32>0xffffffff >> (32 - 8 * extra));
      // Nothing of this size fits, and larger ones would wrap around.
      if (long > 0x3fffffff) return false;
      length = <usize>long + 1;
      from += extra;
    }
    if (from + length > packedEnd || outputAt + length > outputEnd) return false;
    memory.copy(outputAt, from, length);
    from += length;
  } else {
    let offset: usize;
    if (kind == 1) {
      length = <usize>((tag >> 2) & 7) + 4;
      offset = (<usize>(tag >> 5) << 8) | <usize>load<u8>(from);
      from += 1;
    } else {
      offset = kind == 2 ? <usize>load<u16>(from) : <usize>load<u32>(from);
      from += kind == 2 ? 2 : 4;
    }
    if (from > packedEnd || outputAt + length > outputEnd) return false;
    if (offset == 0 || offset > outputAt - output) return false;
    copyBack(outputAt, offset, length);
  }
  packedAt = from;
  outputAt += length;
  return true;
}

/** Copies up to 64 bytes from `offset` bytes before; where they overlap, they repeat themselves. */
// @ts-ignore: decorator
@inline
function copyBack(to: usize, offset: usize, length: usize): void {
  const from = to - offset;
  if (offset >= WORD) copyWords(to, from, length);
  else if (offset >= 8) {
    for (let done: usize = 0; done < length; done += 8) store<u64>(to + done, load<u64>(from + done));
  } else {
    for (let done: usize = 0; done < length; done += 1) store<u8>(to + done, load<u8>(from + done));
  }
}

// @ts-ignore: decorator
@inline
function copyWords(to: usize, from: usize, length: usize): void {
  v128.store(to, v128.load(from));
  if (length <= WORD) return;
  v128.store(to, v128.load(from, 16), 16);
  if (length <= 2 * WORD) return;
  v128.store(to, v128.load(from, 32), 32);
  v128.store(to, v128.load(from, 48), 48);
}
