import { damaged } from "./fault.ts";

/**
 * Unpacks one block of LZ4 into `output` from `from` on, and says where it ended there.
 * @throws SelectError `ParquetParsingError` for one that does not fit
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 */
export function unpackLz4Block(input: Uint8Array, output: Uint8Array, from = 0): number {
  let at = 0;
  let filled = from;
  const length = (nibble: number): number => {
    let sum = nibble;
    if (nibble < 15) return sum;
    for (let byte = 255; byte === 255; at += 1) {
      byte = input[at] ?? unfit();
      sum += byte;
    }
    return sum;
  };
  while (at < input.length) {
    const token = input[at] ?? 0;
    at += 1;
    const literals = length(token >> 4);
    if (literals > input.length - at || literals > output.length - filled) unfit();
    output.set(input.subarray(at, at + literals), filled);
    at += literals;
    filled += literals;
    // The last sequence has literals alone.
    if (at >= input.length) break;
    const offset = (input[at] ?? 0) | ((input[at + 1] ?? 0) << 8);
    at += 2;
    const matched = length(token & 15) + 4;
    if (offset === 0 || offset > filled - from || matched > output.length - filled) unfit();
    // What is copied may overlap with where it goes: byte by byte it repeats itself.
    for (const end = filled + matched; filled < end; filled += 1) {
      output[filled] = output[filled - offset] ?? 0;
    }
  }
  return filled;
}

/**
 * Unpacks what Parquet calls LZ4: blocks as Hadoop frames them, each behind its two lengths, or one bare block.
 * @see https://github.com/apache/parquet-format/blob/master/Compression.md#lz4
 */
export function unpackHadoopLz4(input: Buffer, output: Uint8Array): number {
  if (!isFramed(input, output.length)) return unpackLz4Block(input, output);
  let filled = 0;
  for (let at = 0; at < input.length;) {
    const end = at + 8 + input.readUInt32BE(at + 4);
    filled = unpackLz4Block(input.subarray(at + 8, end), output, filled);
    at = end;
  }
  return filled;
}

/** Whether the lengths before the blocks lead exactly to the end of both. */
function isFramed(input: Buffer, size: number): boolean {
  let sum = 0;
  let at = 0;
  while (at + 8 <= input.length) {
    sum += input.readUInt32BE(at);
    at += 8 + input.readUInt32BE(at + 4);
  }
  return at === input.length && sum === size;
}

function unfit(): never {
  throw damaged("a page that LZ4 has packed does not fit its length");
}
