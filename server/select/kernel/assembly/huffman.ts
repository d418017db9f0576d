import { SCRATCH, SIZES } from "./inflate-layout";

// An entry of a table, from its lowest bit on: 6 bits for how many bits codes and what stands behind them have, 2 for how
// many literals there are, 5 (from 8 on) for how many of the bits are codes, 3 for the kind of the last code, 16 for its
// value, and the literals, a byte each.
/** Nothing but literals, or what a code for lengths stands for. */
export const VALUE: u32 = 0 << 13;
export const BASE: u32 = 1 << 13;
export const END: u32 = 2 << 13;
export const SECOND: u32 = 3 << 13;
const NO_CODE: u32 = 4 << 13;
export const KIND_MASK: u32 = 7 << 13;
export const ONE_LITERAL: u32 = 1 << 6;
export const LITERALS_SHIFT: u64 = 32;

/** What the codes of a table stand for. */
export const LITERALS: u32 = 0;
export const DISTANCES: u32 = 1;
export const LENGTH_CODES: u32 = 2;

const MAX_LENGTH: u32 = 15;

/**
 * Builds the table of a canonical Huffman code: an entry for each pattern of the first `mainBits` bits, and second
 * tables for longer codes.
 * @see https://www.rfc-editor.org/rfc/rfc1951#section-3.2.2
 * @param state where counts have room
 * @param lengths of the codes, a byte each
 * @returns false for a set of lengths that no code has
 */
export function buildTable(state: usize, lengths: usize, symbolCount: u32, table: usize, mainBits: u32, role: u32): bool {
  const counts = state + SCRATCH;
  const codes = counts + 64;
  memory.fill(counts, 0, 64);
  for (let symbol: u32 = 0; symbol < symbolCount; symbol += 1) {
    const place = counts + (<usize>load<u8>(lengths + symbol) << 2);
    store<u32>(place, load<u32>(place) + 1);
  }
  store<u32>(counts, 0);
  let left: i32 = 1;
  let code: u32 = 0;
  let used: u32 = 0;
  for (let length: u32 = 1; length <= MAX_LENGTH; length += 1) {
    const count = load<u32>(counts + (length << 2));
    code = (code + load<u32>(counts + ((length - 1) << 2))) << 1;
    store<u32>(codes + (length << 2), code);
    left = (left << 1) - <i32>count;
    if (left < 0) return false;
    used += count;
  }
  // A code that leaves patterns over has a single symbol, or none.
  if (left > 0 && !(role != LENGTH_CODES && used <= 1 && load<u32>(counts + 4) == used)) return false;

  const mainSize: u32 = 1 << mainBits;
  if (left > 0) for (let index: u32 = 0; index < mainSize; index += 1) store<u64>(table + (index << 3), NO_CODE);
  if (hasLonger(counts, mainBits)) placeSecondTables(state, lengths, symbolCount, table, mainBits, codes);
  placeCodes(lengths, symbolCount, table, mainBits, role, codes);
  if (role == LITERALS) joinLiterals(table, mainBits);
  return true;
}

function hasLonger(counts: usize, mainBits: u32): bool {
  for (let length = mainBits + 1; length <= MAX_LENGTH; length += 1) {
    if (load<u32>(counts + (length << 2)) != 0) return true;
  }
  return false;
}

function placeCodes(lengths: usize, symbolCount: u32, table: usize, mainBits: u32, role: u32, codes: usize): void {
  const mainSize: u32 = 1 << mainBits;
  for (let symbol: u32 = 0; symbol < symbolCount; symbol += 1) {
    const length = <u32>load<u8>(lengths + symbol);
    if (length == 0) continue;
    const place = codes + (length << 2);
    const code = load<u32>(place);
    store<u32>(place, code + 1);
    const entry = entryOf(symbol, role, length);
    const reversed = reverse(code, length);
    if (length <= mainBits) {
      for (let index = reversed; index < mainSize; index += 1 << length) store<u64>(table + (index << 3), entry);
    } else {
      const main = load<u32>(table + ((reversed & (mainSize - 1)) << 3));
      const second = table + (<usize>(main >> 16) << 3);
      const size: u32 = 1 << ((main >> 8) & 31);
      for (let index = reversed >> mainBits; index < size; index += 1 << (length - mainBits)) {
        store<u64>(second + (index << 3), entry);
      }
    }
  }
}

/** Leaves room behind the main table for codes that are longer than its patterns. */
function placeSecondTables(state: usize, lengths: usize, symbolCount: u32, table: usize, mainBits: u32, codes: usize): void {
  const mainSize: u32 = 1 << mainBits;
  const sizes = state + SIZES;
  memory.fill(sizes, 0, mainSize);
  // How long the longest code behind each of the main patterns is, which its second table has to have room for.
  sizeSecondTables(lengths, symbolCount, mainBits, codes, sizes);
  let next = mainSize;
  for (let index: u32 = 0; index < mainSize; index += 1) {
    const bits = <u32>load<u8>(sizes + index);
    if (bits == 0) continue;
    store<u64>(table + (index << 3), <u64>((next << 16) | SECOND | (bits << 8)));
    next += 1 << bits;
  }
}

function sizeSecondTables(lengths: usize, symbolCount: u32, mainBits: u32, codes: usize, sizes: usize): void {
  const firsts = codes + 64;
  memory.copy(firsts, codes, 64);
  for (let symbol: u32 = 0; symbol < symbolCount; symbol += 1) {
    const length = <u32>load<u8>(lengths + symbol);
    if (length <= mainBits) continue;
    const place = firsts + (length << 2);
    const code = load<u32>(place);
    store<u32>(place, code + 1);
    const main = sizes + (reverse(code, length) & ((1 << mainBits) - 1));
    if (<u32>load<u8>(main) < length - mainBits) store<u8>(main, length - mainBits);
  }
}

/** Puts what follows a literal into its entry, as far as the pattern tells: another literal, and a length or the end. */
function joinLiterals(table: usize, mainBits: u32): void {
  // What follows lies under a lower number, and is still alone there.
  for (let index = <i32>(1 << mainBits) - 1; index >= 0; index -= 1) {
    const place = table + (<usize>index << 3);
    let entry = load<u64>(place);
    for (let round = 0; round < 2; round += 1) {
      if ((<u32>entry & KIND_MASK) != VALUE) break;
      const used = <u32>entry & 63;
      const next = load<u64>(table + (<usize>(<u32>index >> used) << 3));
      if (used + ((<u32>next >> 8) & 31) > mainBits || (<u32>next & KIND_MASK) >= SECOND) break;
      entry = joined(entry, next);
    }
    store<u64>(place, entry);
  }
}

/** Bits and literals add up; all else is what the last code says. */
// @ts-ignore: decorator
@inline
function joined(entry: u64, next: u64): u64 {
  const used = entry & 63;
  const count = (entry >> 6) & 3;
  const literals = (entry >> LITERALS_SHIFT) | ((next >> LITERALS_SHIFT) << (count << 3));
  return ((next & 0xffffffff) + used + (count << 6) + (used << 8)) | (literals << LITERALS_SHIFT);
}

/** What a symbol stands for whose code has a length. */
function entryOf(symbol: u32, role: u32, length: u32): u64 {
  const alone = length | (length << 8);
  if (role == LENGTH_CODES) return <u64>((symbol << 16) | VALUE | alone);
  if (role == DISTANCES) {
    if (symbol > 29) return NO_CODE;
    if (symbol < 4) return <u64>(((symbol + 1) << 16) | BASE | alone);
    const extra = (symbol >> 1) - 1;
    return <u64>(((((2 + (symbol & 1)) << extra) + 1) << 16) | BASE | (alone + extra));
  }
  if (symbol < 256) return (<u64>symbol << LITERALS_SHIFT) | <u64>(VALUE | ONE_LITERAL | alone);
  if (symbol == 256) return <u64>(END | alone);
  if (symbol == 285) return <u64>((258 << 16) | BASE | alone);
  if (symbol > 285) return NO_CODE;
  const index = symbol - 257;
  if (index < 8) return <u64>(((index + 3) << 16) | BASE | alone);
  const extra = (index >> 2) - 1;
  return <u64>(((((4 + (index & 3)) << extra) + 3) << 16) | BASE | (alone + extra));
}

/** The lowest bit of a code comes to lie highest. */
// @ts-ignore: decorator
@inline
function reverse(code: u32, length: u32): u32 {
  let bits = ((code >> 1) & 0x5555) | ((code & 0x5555) << 1);
  bits = ((bits >> 2) & 0x3333) | ((bits & 0x3333) << 2);
  bits = ((bits >> 4) & 0x0f0f) | ((bits & 0x0f0f) << 4);
  return ((bits >> 8) | ((bits & 0xff) << 8)) >> (16 - length);
}
