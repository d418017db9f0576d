import type { BitInput } from "./bit-input.ts";
import { damaged } from "./damage.ts";
import { codesOf, readCodeLengths, type PrefixCodes } from "./prefix-codes.ts";
import { MoveToFront } from "./move-to-front.ts";

/** Symbols that one choice of codes holds for. */
export const GROUP_SYMBOLS = 50;

/** Choices that a block of 900,000 bytes needs; more of them may stand there and say nothing. */
const MAX_SELECTORS = 18_002;

/** What stands before the symbols of a block. */
export interface BlockHeader {
  /** The checksum of what comes out. */
  readonly crc: number;
  /** Where the first byte that comes out lies in the sorted block. */
  readonly origin: number;
  /** The bytes that occur, in order. */
  readonly alphabet: Uint8Array;
  readonly codes: readonly PrefixCodes[];
  /** Which codes each group of symbols has. */
  readonly selectors: Uint8Array;
}

/**
 * Reads what stands behind a block's mark.
 * @throws SelectError `TruncatedInput` for what no packer writes
 */
export async function readBlockHeader(input: BitInput): Promise<BlockHeader> {
  if (input.isLow) await input.fill();
  const crc = (input.read(16) << 16) | input.read(16);
  // Only packers before 1997 set this bit.
  if (input.read(1) === 1) throw damaged();
  const origin = input.read(24);
  const alphabet = readAlphabet(input);
  if (input.isLow) await input.fill();
  const codeCount = input.read(3);
  if (codeCount < 2 || codeCount > 6) throw damaged();
  const selectors = await readSelectors(input, codeCount);
  const codes: PrefixCodes[] = [];
  for (let index = 0; index < codeCount; index += 1) {
    // Two for runs of the first byte, one for each byte but the first, one for the end.
    codes.push(codesOf(await readCodeLengths(input, alphabet.length + 2)));
  }
  return { crc, origin, alphabet, codes, selectors };
}

/** Sixteen bits say which sixteens of bytes occur; for each of those sixteen bits say which of them. */
function readAlphabet(input: BitInput): Uint8Array {
  const used = input.read(16);
  const alphabet: number[] = [];
  for (let high = 0; high < 16; high += 1) {
    if ((used & (0x8000 >> high)) === 0) continue;
    const bytes = input.read(16);
    for (let low = 0; low < 16; low += 1) {
      if ((bytes & (0x8000 >> low)) !== 0) alphabet.push(16 * high + low);
    }
  }
  if (alphabet.length === 0) throw damaged();
  return Uint8Array.from(alphabet);
}

async function readSelectors(input: BitInput, codeCount: number): Promise<Uint8Array> {
  const count = input.read(15);
  if (count === 0) throw damaged();
  const selectors = new Uint8Array(Math.min(count, MAX_SELECTORS));
  const recent = new MoveToFront(Uint8Array.of(0, 1, 2, 3, 4, 5));
  for (let index = 0; index < count; index += 1) {
    if (input.isLow) await input.fill();
    let place = 0;
    while (input.read(1) === 1) place += 1;
    if (place >= codeCount) throw damaged();
    const selector = recent.take(place);
    if (index < MAX_SELECTORS) selectors[index] = selector;
  }
  return selectors;
}
