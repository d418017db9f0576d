import { BackwardBits, malformed } from "./bits.ts";
import { nextState, readFseTable } from "./fse.ts";

/** Most bits of a symbol. */
const MAX_WIDTH = 11;

/** For all numbers of `width` bits, the symbol that they begin with, and how many bits it has. */
export interface HuffmanTable {
  readonly width: number;
  readonly symbols: Uint8Array;
  readonly widths: Uint8Array;
}

/**
 * Reads the table of a block's literals; `end` is the byte behind.
 * @throws SelectError `ParquetParsingError`
 * @see https://www.rfc-editor.org/rfc/rfc8878#name-huffman-tree-description
 */
export function readHuffmanTable(
  bytes: Uint8Array,
  start: number,
): { readonly table: HuffmanTable; readonly end: number } {
  const head = bytes[start] ?? 0;
  if (head >= 128) {
    const count = head - 127;
    const weights = Array.from({ length: count }, (_, index) => {
      const pair = bytes[start + 1 + (index >> 1)] ?? 0;
      return index % 2 === 0 ? pair >> 4 : pair & 15;
    });
    return { table: tableOf(weights), end: start + 1 + Math.ceil(count / 2) };
  }
  const end = start + 1 + head;
  return { table: tableOf(readWeights(bytes.subarray(0, end), start + 1)), end };
}

/** Weights have two states by turns, until the bits are used up. */
function readWeights(bytes: Uint8Array, start: number): number[] {
  const { table, end } = readFseTable(bytes, start, 6, 255);
  const bits = new BackwardBits(bytes.subarray(end));
  const states = [bits.read(table.log), bits.read(table.log)];
  const weights: number[] = [];
  for (let turn = 0; weights.length < 255; turn = 1 - turn) {
    const state = states[turn] ?? 0;
    weights.push(table.symbols[state] ?? 0);
    if (bits.left < (table.widths[state] ?? 0)) {
      weights.push(table.symbols[states[1 - turn] ?? 0] ?? 0);
      return weights;
    }
    states[turn] = nextState(table, state, bits);
  }
  throw malformed();
}

/** The last weight is not written: it is what is left. */
function tableOf(written: readonly number[]): HuffmanTable {
  if (written.some((weight) => weight > MAX_WIDTH)) throw malformed();
  const sum = written.reduce((total, weight) => total + (weight > 0 ? 2 ** (weight - 1) : 0), 0);
  const width = sum === 0 ? 0 : Math.floor(Math.log2(sum)) + 1;
  const left = 2 ** width - sum;
  const last = Math.log2(left) + 1;
  if (width === 0 || width > MAX_WIDTH || !Number.isInteger(last)) throw malformed();
  const weights = [...written, last];
  const symbols = new Uint8Array(1 << width);
  const widths = new Uint8Array(1 << width);
  let at = 0;
  for (let weight = 1; weight <= width; weight += 1) {
    for (const [symbol, each] of weights.entries()) {
      if (each !== weight) continue;
      const end = at + 2 ** (weight - 1);
      symbols.fill(symbol, at, end);
      widths.fill(width + 1 - weight, at, end);
      at = end;
    }
  }
  return { width, symbols, widths };
}

/** Decodes one stream, which fills its part of the literals exactly. */
export function decodeHuffman(
  { width, symbols, widths }: HuffmanTable,
  stream: Uint8Array,
  output: Uint8Array,
): void {
  const bits = new BackwardBits(stream);
  for (let index = 0; index < output.length; index += 1) {
    const code = bits.peek(width);
    output[index] = symbols[code] ?? 0;
    bits.left -= widths[code] ?? 0;
  }
  if (bits.left !== 0) throw malformed();
}
