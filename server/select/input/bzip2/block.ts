import { setImmediate } from "node:timers/promises";
import type { BitInput } from "./bit-input.ts";
import { GROUP_SYMBOLS, readBlockHeader, type BlockHeader } from "./block-header.ts";
import { damaged, endsTooSoon } from "./damage.ts";
import { MoveToFront } from "./move-to-front.ts";
import { readSymbols } from "./prefix-codes.ts";
import { unsort, unsortMemory, type UnsortMemory } from "./unsort.ts";

/** What blocks are unpacked in, for all blocks of an object. */
export interface BlockMemory {
  /** The symbols of a block: each but the last stands for a byte or more. */
  readonly symbols: Uint16Array;
  /** The bytes of a block. */
  readonly bytes: Uint8Array;
  readonly unsorting: UnsortMemory;
}

/** A block before its runs are written out. */
export interface Block {
  readonly crc: number;
  /** Good until the next block is read. */
  readonly bytes: Uint8Array;
}

/** Memory for blocks of up to 900,000 bytes: 8.1 MB for the largest. */
export function blockMemory(mostBytes: number): BlockMemory {
  return {
    symbols: new Uint16Array(mostBytes + GROUP_SYMBOLS),
    bytes: new Uint8Array(mostBytes),
    unsorting: unsortMemory(mostBytes),
  };
}

/**
 * Unpacks the block whose mark was read; others have their turn in between.
 * @param mostBytes that the block may have, and the memory has room for
 * @throws SelectError `TruncatedInput` for what is damaged or ends too soon
 */
export async function readBlock(
  input: BitInput,
  memory: BlockMemory,
  mostBytes: number,
): Promise<Block> {
  const header = await readBlockHeader(input);
  const symbolCount = await readAllSymbols(input, header, memory.symbols, mostBytes);
  await setImmediate();
  const symbols = memory.symbols.subarray(0, symbolCount);
  const length = bytesOf(symbols, header.alphabet, memory.bytes.subarray(0, mostBytes));
  if (header.origin >= length) throw damaged();
  await setImmediate();
  const bytes = memory.bytes.subarray(0, length);
  unsort(bytes, header.origin, memory.unsorting);
  await setImmediate();
  return { crc: header.crc, bytes };
}

async function readAllSymbols(
  input: BitInput,
  { selectors, codes, alphabet }: BlockHeader,
  symbols: Uint16Array,
  mostBytes: number,
): Promise<number> {
  const last = alphabet.length + 1;
  let count = 0;
  for (const selector of selectors) {
    if (input.isLow) await input.fill();
    const chosen = codes[selector];
    if (chosen === undefined) throw damaged();
    count = readSymbols(input, chosen, symbols, count, count + GROUP_SYMBOLS);
    if (input.isPast) throw endsTooSoon();
    if (symbols[count - 1] === last) return count - 1;
    if (count > mostBytes) throw damaged();
  }
  throw damaged();
}

/** Turns symbols into the bytes that they stand for, and answers how many there are. */
function bytesOf(symbols: Uint16Array, alphabet: Uint8Array, into: Uint8Array): number {
  const recent = new MoveToFront(alphabet);
  let count = 0;
  for (let at = 0; at < symbols.length; at += 1) {
    const symbol = symbols[at] ?? 0;
    if (symbol > 1) {
      if (count === into.length) throw damaged();
      into[count] = recent.take(symbol - 1);
      count += 1;
      continue;
    }
    // A run's length is written in digits 1 and 2, the lowest first.
    let run = 0;
    let weight = 1;
    for (; at < symbols.length; at += 1) {
      const digit = symbols[at] ?? 0;
      if (digit > 1) break;
      run += weight << digit;
      weight <<= 1;
      if (run > into.length - count) throw damaged();
    }
    at -= 1;
    into.fill(recent.first, count, count + run);
    count += run;
  }
  return count;
}
