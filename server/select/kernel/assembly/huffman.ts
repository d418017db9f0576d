import { SCRATCH, SIZES } from "./inflate-layout";

// An entry of a table: bits of the code in 0 to 5, further bits in 8 to 12, kind in 13 to 15, value from 16 on.
export const VALUE: u32 = 0 << 13;
export const BASE: u32 = 1 << 13;
export const END: u32 = 2 << 13;
export const SECOND: u32 = 3 << 13;
const NO_CODE: u32 = 4 << 13;
export const KIND_MASK: u32 = 7 << 13;

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
  for (let index: u32 = 0; index < mainSize; index += 1) store<u32>(table + (index << 2), NO_CODE | 1);
  return placeCodes(state, lengths, symbolCount, table, mainBits, role, codes);
}

function placeCodes(state: usize, lengths: usize, symbolCount: u32, table: usize, mainBits: u32, role: u32, codes: usize): bool {
  const mainSize: u32 = 1 << mainBits;
  const sizes = state + SIZES;
  memory.fill(sizes, 0, mainSize);
  // How long the longest code behind each of the main patterns is, which its second table has to have room for.
  sizeSecondTables(lengths, symbolCount, mainBits, codes, sizes);
  let next = mainSize;
  for (let index: u32 = 0; index < mainSize; index += 1) {
    const bits = <u32>load<u8>(sizes + index);
    if (bits == 0) continue;
    store<u32>(table + (index << 2), (next << 16) | SECOND | (bits << 8) | mainBits);
    next += 1 << bits;
  }
  for (let symbol: u32 = 0; symbol < symbolCount; symbol += 1) {
    const length = <u32>load<u8>(lengths + symbol);
    if (length == 0) continue;
    const place = codes + (length << 2);
    const code = load<u32>(place);
    store<u32>(place, code + 1);
    const entry = entryOf(symbol, role) | length;
    const reversed = reverse(code, length);
    if (length <= mainBits) {
      for (let index = reversed; index < mainSize; index += 1 << length) store<u32>(table + (index << 2), entry);
    } else {
      const main = load<u32>(table + ((reversed & (mainSize - 1)) << 2));
      const second = table + (<usize>(main >> 16) << 2);
      const size: u32 = 1 << ((main >> 8) & 31);
      for (let index = reversed >> mainBits; index < size; index += 1 << (length - mainBits)) {
        store<u32>(second + (index << 2), entry);
      }
    }
  }
  return true;
}

function sizeSecondTables(lengths: usize, symbolCount: u32, mainBits: u32, codes: usize, sizes: usize): void {
  const firsts = codes + 64;
  memory.copy(firsts, codes, 64);
  for (let symbol: u32 = 0; symbol < symbolCount; symbol += 1) {
    const length = <u32>load<u8>(lengths + symbol);
    if (length == 0) continue;
    const place = firsts + (length << 2);
    const code = load<u32>(place);
    store<u32>(place, code + 1);
    if (length <= mainBits) continue;
    const main = sizes + (reverse(code, length) & ((1 << mainBits) - 1));
    if (<u32>load<u8>(main) < length - mainBits) store<u8>(main, length - mainBits);
  }
}

/** What a symbol stands for, without the length of its code. */
function entryOf(symbol: u32, role: u32): u32 {
  if (role == LENGTH_CODES) return (symbol << 16) | VALUE;
  if (role == DISTANCES) {
    if (symbol > 29) return NO_CODE;
    if (symbol < 4) return ((symbol + 1) << 16) | BASE;
    const extra = (symbol >> 1) - 1;
    return ((((2 + (symbol & 1)) << extra) + 1) << 16) | BASE | (extra << 8);
  }
  if (symbol < 256) return (symbol << 16) | VALUE;
  if (symbol == 256) return END;
  if (symbol == 285) return (258 << 16) | BASE;
  if (symbol > 285) return NO_CODE;
  const index = symbol - 257;
  if (index < 8) return ((index + 3) << 16) | BASE;
  const extra = (index >> 2) - 1;
  return ((((4 + (index & 3)) << extra) + 3) << 16) | BASE | (extra << 8);
}

function reverse(code: u32, length: u32): u32 {
  let reversed: u32 = 0;
  for (let bit: u32 = 0; bit < length; bit += 1) reversed |= ((code >> bit) & 1) << (length - 1 - bit);
  return reversed;
}
