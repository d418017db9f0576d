import { BackwardBits, malformed } from "./bits.ts";
import { nextState, readFseTable, singleTable, tableOf, type FseTable } from "./fse.ts";

/** The tables of lengths and offsets, and the offsets that were used last: they go on from block to block. */
export interface SequenceState {
  tables: Tables | null;
  offsets: [number, number, number];
}

type Tables = readonly [literals: FseTable, offsets: FseTable, matches: FseTable];

/** Most bits of an offset: none leads further back than a page is long. */
const MAX_OFFSET_CODE = 27;

/** For each of the three: the shares where a block says nothing, and the bounds of what it may say. */
const KINDS = [
  {
    shares: [
      [4, 3],
      Array<number>(11).fill(2),
      [1, 1, 1],
      Array<number>(9).fill(2),
      [3, 2, 1, 1, 1, 1, 1],
      [-1, -1, -1, -1],
    ].flat(),
    log: 6,
    maxLog: 9,
    maxSymbol: 35,
  },
  {
    shares: [
      Array<number>(6).fill(1),
      [2, 2, 2],
      Array<number>(15).fill(1),
      Array<number>(5).fill(-1),
    ].flat(),
    log: 5,
    maxLog: 8,
    maxSymbol: 31,
  },
  {
    shares: [
      [1, 4, 3],
      Array<number>(6).fill(2),
      Array<number>(37).fill(1),
      Array<number>(7).fill(-1),
    ].flat(),
    log: 6,
    maxLog: 9,
    maxSymbol: 52,
  },
] as const;

/** Bits that are added to the least length of a code. */
const LITERAL_BITS = [
  Array<number>(16).fill(0),
  [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
].flat();
const MATCH_BITS = [
  Array<number>(32).fill(0),
  [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
].flat();

/** The least length of each code: that of the one before, and all that it can have. */
function leastOf(bits: readonly number[], first: number): readonly number[] {
  let least = first;
  return bits.map((width) => {
    const own = least;
    least += 2 ** width;
    return own;
  });
}

const LEAST_LITERALS = leastOf(LITERAL_BITS, 0);
const LEAST_MATCH = leastOf(MATCH_BITS, 3);

/** Takes a stretch of literals, and how long the repetition behind it is and how far it lies back. */
export type TakeSequence = (literals: number, match: number, offset: number) => void;

/**
 * Reads the sequences of a block, which fill the rest of it.
 * @throws SelectError `ParquetParsingError`
 * @see https://www.rfc-editor.org/rfc/rfc8878#name-sequences-section
 */
export function readSequences(
  block: Uint8Array,
  start: number,
  state: SequenceState,
  take: TakeSequence,
): void {
  const { count, end } = readCount(block, start);
  if (count === 0) return;
  const read = readTables(block, end, state.tables);
  state.tables = read.tables;
  const [literals, offsets, matches] = read.tables;
  const bits = new BackwardBits(block.subarray(read.end));
  let literalState = bits.read(literals.log);
  let offsetState = bits.read(offsets.log);
  let matchState = bits.read(matches.log);
  for (let left = count; left > 0; left -= 1) {
    const offsetCode = offsets.symbols[offsetState] ?? 0;
    const literalCode = literals.symbols[literalState] ?? 0;
    const matchCode = matches.symbols[matchState] ?? 0;
    if (offsetCode > MAX_OFFSET_CODE) throw malformed();
    const offset = 2 ** offsetCode + bits.read(offsetCode);
    const match = (LEAST_MATCH[matchCode] ?? 0) + bits.read(MATCH_BITS[matchCode] ?? 0);
    const length = (LEAST_LITERALS[literalCode] ?? 0) + bits.read(LITERAL_BITS[literalCode] ?? 0);
    take(length, match, resolve(state.offsets, offset, length));
    if (left === 1) break;
    literalState = nextState(literals, literalState, bits);
    matchState = nextState(matches, matchState, bits);
    offsetState = nextState(offsets, offsetState, bits);
    if (bits.left < 0) throw malformed();
  }
  if (bits.left !== 0) throw malformed();
}

function readCount(block: Uint8Array, start: number): { count: number; end: number } {
  const [first = 0, second = 0, third = 0] = block.subarray(start, start + 3);
  if (start >= block.length) throw malformed();
  if (first < 128) return { count: first, end: start + 1 };
  if (first < 255) return { count: (first - 128) * 256 + second, end: start + 2 };
  return { count: second + third * 256 + 0x7f00, end: start + 3 };
}

function readTables(
  block: Uint8Array,
  start: number,
  before: Tables | null,
): { readonly tables: Tables; readonly end: number } {
  const modes = block[start] ?? 0;
  let end = start + 1;
  const tableOfKind = (place: 0 | 1 | 2): FseTable => {
    const kind = KINDS[place];
    switch ((modes >> (6 - 2 * place)) & 3) {
      case 0:
        return tableOf(kind.shares, kind.log);
      case 1: {
        const symbol = block[end] ?? 0;
        end += 1;
        if (symbol > kind.maxSymbol) throw malformed();
        return singleTable(symbol);
      }
      case 2: {
        const read = readFseTable(block, end, kind.maxLog, kind.maxSymbol);
        end = read.end;
        return read.table;
      }
      default:
        if (before === null) throw malformed();
        return before[place];
    }
  };
  const tables: Tables = [tableOfKind(0), tableOfKind(1), tableOfKind(2)];
  if ((modes & 3) !== 0) throw malformed();
  return { tables, end };
}

/**
 * Small offsets stand for those used last, and are shifted by one where there are no literals before.
 * @see https://www.rfc-editor.org/rfc/rfc8878#name-repeat-offsets
 */
function resolve(last: SequenceState["offsets"], value: number, literals: number): number {
  const [first, second, third] = last;
  if (value > 3) {
    last[0] = value - 3;
    last[1] = first;
    last[2] = second;
    return value - 3;
  }
  const place = value - (literals === 0 ? 0 : 1);
  if (place === 0) return first;
  const offset = place === 1 ? second : place === 2 ? third : first - 1;
  last[0] = offset;
  last[1] = first;
  if (place !== 1) last[2] = second;
  return offset;
}
