import { ForwardBits, malformed, type BackwardBits } from "./bits.ts";

/** For each state the symbol it stands for, and where it leads to. */
export interface FseTable {
  /** States are numbers of so many bits. */
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly widths: Uint8Array;
  readonly bases: Uint16Array;
}

/**
 * Reads how often symbols are, and makes their table; `end` is the byte behind.
 * @param maxLog most bits of a state
 * @param maxSymbol the last symbol that there may be
 * @throws SelectError `ParquetParsingError`
 * @see https://www.rfc-editor.org/rfc/rfc8878#name-fse-table-description
 */
export function readFseTable(
  bytes: Uint8Array,
  start: number,
  maxLog: number,
  maxSymbol: number,
): { readonly table: FseTable; readonly end: number } {
  const bits = new ForwardBits(bytes, start);
  const log = bits.read(4) + 5;
  if (log > maxLog) throw malformed();
  const shares: number[] = [];
  let left = 1 << log;
  while (left > 0) {
    const share = readShare(bits, left);
    left -= Math.abs(share);
    shares.push(share);
    if (share === 0) {
      for (let more = 3; more === 3 && shares.length <= maxSymbol;) {
        more = bits.read(2);
        for (let index = 0; index < more; index += 1) shares.push(0);
      }
    }
    if (shares.length > maxSymbol + 1) throw malformed();
  }
  if (left !== 0) throw malformed();
  return { table: tableOf(shares, log), end: bits.nextByte };
}

/** A share takes a bit less where it is small for what is left; -1 stands for less than one. */
function readShare(bits: ForwardBits, left: number): number {
  const width = 32 - Math.clz32(left + 1);
  const lowMask = (1 << (width - 1)) - 1;
  const threshold = (1 << width) - 1 - (left + 1);
  const value = bits.peek(width);
  if ((value & lowMask) < threshold) {
    bits.skip(width - 1);
    return (value & lowMask) - 1;
  }
  bits.skip(width);
  return (value > lowMask ? value - threshold : value) - 1;
}

/**
 * The table of symbols by their shares, which add up to `2 ** log`.
 * @see https://www.rfc-editor.org/rfc/rfc8878#name-from-normalized-distribution
 */
export function tableOf(shares: readonly number[], log: number): FseTable {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  let high = size;
  for (const [symbol, share] of shares.entries()) {
    if (share === -1) symbols[(high -= 1)] = symbol;
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  for (const [symbol, share] of shares.entries()) {
    for (let index = 0; index < share; index += 1) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  }
  const next = shares.map((share) => Math.abs(share));
  const widths = new Uint8Array(size);
  const bases = new Uint16Array(size);
  for (let state = 0; state < size; state += 1) {
    const symbol = symbols[state] ?? 0;
    const place = next[symbol] ?? 0;
    next[symbol] = place + 1;
    const width = log - (31 - Math.clz32(place));
    widths[state] = width;
    bases[state] = (place << width) - size;
  }
  return { log, symbols, widths, bases };
}

/** One symbol alone, which takes no bits. */
export function singleTable(symbol: number): FseTable {
  const symbols = Uint8Array.of(symbol);
  return { log: 0, symbols, widths: new Uint8Array(1), bases: new Uint16Array(1) };
}

/** The state that follows another. */
export function nextState({ widths, bases }: FseTable, state: number, bits: BackwardBits): number {
  return (bases[state] ?? 0) + bits.read(widths[state] ?? 0);
}
