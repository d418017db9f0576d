import {
  BASE, buildTable, DISTANCES, END, KIND_MASK, LENGTH_CODES, LITERALS, LITERALS_SHIFT, SECOND, VALUE,
} from "./huffman";
import {
  BITS, BIT_COUNT, DAMAGED, DISTANCE_TABLE, FINISHED, HEADER, HUFFMAN, INPUT, INPUT_MARGIN, IS_FINAL, LENGTHS,
  LITERAL_TABLE, MODE, NEEDS_INPUT, NEEDS_OUTPUT, OUTPUT, STORED, STORING,
} from "./inflate-layout";

const LITERAL_BITS: u32 = 11;
const DISTANCE_BITS: u32 = 8;
const LENGTH_CODE_BITS: u32 = 7;

/** In one turn the decoder takes in no more, in bytes. */
const TURN_MARGIN: usize = 32;

/**
 * Unpacks a deflate stream as far as there is input and room. Reads a little beyond `inputEnd` and writes a little
 * beyond `outputEnd`, by no more than the margins.
 * @see https://www.rfc-editor.org/rfc/rfc1951
 * @param state where the stream lies; all zeros before its first byte
 * @param window where what may be referred to begins: it ends where the output begins
 */
export function inflate(state: usize, input: usize, inputEnd: usize, window: usize, output: usize, outputEnd: usize): u32 {
  store<u32>(state + INPUT, <u32>input);
  store<u32>(state + OUTPUT, <u32>output);
  while (true) {
    const mode = load<u32>(state + MODE);
    let answer = NEEDS_INPUT;
    if (mode == HEADER) {
      if (load<u32>(state + IS_FINAL) != 0) return FINISHED;
      if (<usize>load<u32>(state + INPUT) + INPUT_MARGIN > inputEnd) return NEEDS_INPUT;
      if (!readHeader(state)) return DAMAGED;
      continue;
    }
    answer = mode == STORING ? copyStored(state, inputEnd, outputEnd) : decode(state, inputEnd, window, outputEnd);
    if (answer != FINISHED) return answer;
    store<u32>(state + MODE, HEADER);
  }
}

/** Takes bits; the input is known to have them. */
function takeBits(state: usize, count: u32): u32 {
  let bits = load<u64>(state + BITS);
  let bitCount = load<u32>(state + BIT_COUNT);
  while (bitCount < count) {
    const input = load<u32>(state + INPUT);
    bits |= <u64>load<u8>(input) << bitCount;
    store<u32>(state + INPUT, input + 1);
    bitCount += 8;
  }
  store<u64>(state + BITS, bits >> count);
  store<u32>(state + BIT_COUNT, bitCount - count);
  return <u32>bits & ((1 << count) - 1);
}

/** @returns false for a header that nobody writes */
function readHeader(state: usize): bool {
  store<u32>(state + IS_FINAL, takeBits(state, 1));
  const type = takeBits(state, 2);
  if (type == 0) {
    takeBits(state, load<u32>(state + BIT_COUNT) & 7);
    const length = takeBits(state, 16);
    if ((takeBits(state, 16) ^ 0xffff) != length) return false;
    store<u32>(state + STORED, length);
    store<u32>(state + MODE, STORING);
    return true;
  }
  store<u32>(state + MODE, HUFFMAN);
  if (type == 1) return buildFixedTables(state);
  return type == 2 && readTables(state);
}

function buildFixedTables(state: usize): bool {
  const lengths = state + LENGTHS;
  memory.fill(lengths, 8, 144);
  memory.fill(lengths + 144, 9, 112);
  memory.fill(lengths + 256, 7, 24);
  memory.fill(lengths + 280, 8, 8);
  memory.fill(lengths + 288, 5, 32);
  return buildTables(state, 288, 32);
}

function buildTables(state: usize, literalCount: u32, distanceCount: u32): bool {
  const lengths = state + LENGTHS;
  return (
    buildTable(state, lengths, literalCount, state + LITERAL_TABLE, LITERAL_BITS, LITERALS) &&
    buildTable(state, lengths + literalCount, distanceCount, state + DISTANCE_TABLE, DISTANCE_BITS, DISTANCES)
  );
}

/** In which order the lengths of the code for lengths come: 16, 17, 18, 0, and from 8 up and down by turns. */
function placeOfLength(index: u32): u32 {
  if (index < 3) return 16 + index;
  if (index == 3) return 0;
  const step = (index - 3) >> 1;
  return (index & 1) == 0 ? 8 + step : 8 - step;
}

function readTables(state: usize): bool {
  const lengths = state + LENGTHS;
  const literalCount = takeBits(state, 5) + 257;
  const distanceCount = takeBits(state, 5) + 1;
  const codeCount = takeBits(state, 4) + 4;
  if (literalCount > 286 || distanceCount > 30) return false;
  memory.fill(lengths, 0, 19);
  for (let index: u32 = 0; index < codeCount; index += 1) store<u8>(lengths + placeOfLength(index), takeBits(state, 3));
  if (!buildTable(state, lengths, 19, state + DISTANCE_TABLE, LENGTH_CODE_BITS, LENGTH_CODES)) return false;
  const total = literalCount + distanceCount;
  let count: u32 = 0;
  let last: u32 = 0;
  while (count < total) {
    const symbol = takeLengthCode(state);
    if (symbol > 18) return false;
    if (symbol < 16) {
      last = symbol;
      store<u8>(lengths + count, symbol);
      count += 1;
      continue;
    }
    if (symbol == 16 && count == 0) return false;
    const value = symbol == 16 ? last : 0;
    const repeats = symbol == 16 ? 3 + takeBits(state, 2) : symbol == 17 ? 3 + takeBits(state, 3) : 11 + takeBits(state, 7);
    if (count + repeats > total) return false;
    memory.fill(lengths + count, <u8>value, repeats);
    last = value;
    count += repeats;
  }
  // Without an end a block has none.
  return load<u8>(lengths + 256) != 0 && buildTables(state, literalCount, distanceCount);
}

/** @returns more than 18 where no code stands */
function takeLengthCode(state: usize): u32 {
  // Looks at seven bits, takes as many as the code has.
  while (load<u32>(state + BIT_COUNT) < LENGTH_CODE_BITS) {
    const bitCount = load<u32>(state + BIT_COUNT);
    const input = load<u32>(state + INPUT);
    store<u64>(state + BITS, load<u64>(state + BITS) | (<u64>load<u8>(input) << bitCount));
    store<u32>(state + INPUT, input + 1);
    store<u32>(state + BIT_COUNT, bitCount + 8);
  }
  const bits = <u32>load<u64>(state + BITS) & 127;
  const entry = load<u32>(state + DISTANCE_TABLE + (bits << 3));
  if ((entry & KIND_MASK) != VALUE) return 19;
  takeBits(state, entry & 63);
  return entry >> 16;
}

function copyStored(state: usize, inputEnd: usize, outputEnd: usize): u32 {
  while (true) {
    const stored = load<u32>(state + STORED);
    if (stored == 0) return FINISHED;
    const input = <usize>load<u32>(state + INPUT);
    const output = <usize>load<u32>(state + OUTPUT);
    if (output >= outputEnd) return NEEDS_OUTPUT;
    if (load<u32>(state + BIT_COUNT) != 0) {
      store<u8>(output, takeBits(state, 8));
      store<u32>(state + OUTPUT, <u32>output + 1);
      store<u32>(state + STORED, stored - 1);
      continue;
    }
    if (input >= inputEnd) return NEEDS_INPUT;
    const length = min(<usize>stored, min(inputEnd - input, outputEnd - output));
    memory.copy(output, input, length);
    store<u32>(state + INPUT, <u32>(input + length));
    store<u32>(state + OUTPUT, <u32>(output + length));
    store<u32>(state + STORED, stored - <u32>length);
  }
}

/** Decodes a block's codes. */
function decode(state: usize, inputEnd: usize, window: usize, outputEnd: usize): u32 {
  const literals = state + LITERAL_TABLE;
  const distances = state + DISTANCE_TABLE;
  let bits = load<u64>(state + BITS);
  let bitCount = <u64>load<u32>(state + BIT_COUNT);
  let input = <usize>load<u32>(state + INPUT);
  let output = <usize>load<u32>(state + OUTPUT);
  const inputLimit = inputEnd - TURN_MARGIN;
  if (input > inputLimit) return NEEDS_INPUT;
  let answer = NEEDS_INPUT;
  // At least 56 bits are there after each refill; a turn of the loop begins with one, and with the entry that is next.
  bits |= load<u64>(input) << bitCount;
  input += <usize>((63 - bitCount) >> 3);
  bitCount |= 56;
  let entry = load<u64>(literals + ((<usize>bits & 2047) << 3));
  while (input <= inputLimit) {
    if (output >= outputEnd) {
      answer = NEEDS_OUTPUT;
      break;
    }
    // Literals, of which there may be none, are written before it is known what comes behind them.
    store<u32>(output, <u32>(entry >> LITERALS_SHIFT));
    output += <usize>(entry >> 6) & 3;
    let before = bits;
    bits >>= entry & 63;
    bitCount -= entry & 63;
    const kind = <u32>entry & KIND_MASK;
    if (kind != BASE) {
      if (kind == SECOND) {
        const rest = <usize>(bits >> <u64>LITERAL_BITS) & ((1 << ((<u32>entry >> 8) & 31)) - 1);
        entry = load<u64>(literals + ((<usize>(<u32>entry >> 16) + rest) << 3));
        continue;
      }
      if (kind != VALUE) {
        answer = kind == END ? FINISHED : DAMAGED;
        break;
      }
      entry = load<u64>(literals + ((<usize>bits & 2047) << 3));
      bits |= load<u64>(input) << bitCount;
      input += <usize>((63 - bitCount) >> 3);
      bitCount |= 56;
      continue;
    }
    const length = valueOf(entry, before);

    entry = load<u64>(distances + ((<usize>bits & 255) << 3));
    if ((<u32>entry & KIND_MASK) != BASE) {
      if ((<u32>entry & KIND_MASK) == SECOND) {
        const rest = <usize>(bits >> <u64>DISTANCE_BITS) & ((1 << ((<u32>entry >> 8) & 31)) - 1);
        entry = load<u64>(distances + ((<usize>(<u32>entry >> 16) + rest) << 3));
      }
      if ((<u32>entry & KIND_MASK) != BASE) {
        answer = DAMAGED;
        break;
      }
    }
    before = bits;
    bits >>= entry & 63;
    bitCount -= entry & 63;
    const distance = valueOf(entry, before);
    if (distance > output - window) {
      answer = DAMAGED;
      break;
    }
    // What comes next is looked up before the copy, which nothing of it waits for.
    bits |= load<u64>(input) << bitCount;
    input += <usize>((63 - bitCount) >> 3);
    bitCount |= 56;
    entry = load<u64>(literals + ((<usize>bits & 2047) << 3));
    output = copyMatch(output, distance, length);
  }
  // Whole bytes that were taken and not used go back.
  input -= <usize>(bitCount >> 3);
  bitCount &= 7;
  bits &= (<u64>1 << bitCount) - 1;
  store<u64>(state + BITS, bits);
  store<u32>(state + BIT_COUNT, <u32>bitCount);
  store<u32>(state + INPUT, <u32>input);
  store<u32>(state + OUTPUT, <u32>output);
  return answer;
}

/** A length or a distance: the bits behind the code say how far it is from its base. */
// @ts-ignore: decorator
@inline
function valueOf(entry: u64, bits: u64): usize {
  const all = bits & ((<u64>1 << (entry & 63)) - 1);
  return (<usize>entry >> 16) + <usize>(all >> ((entry >> 8) & 31));
}

/** Repeats what lies `distance` bytes before; writes up to 31 bytes more than it says. */
// @ts-ignore: decorator
@inline
function copyMatch(output: usize, distance: usize, length: usize): usize {
  const end = output + length;
  let from = output - distance;
  let to = output;
  if (distance >= 16) {
    // Most matches are no longer than these.
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    while (to + 32 < end) {
      from += 32;
      to += 32;
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    }
  } else if (distance >= 8) {
    do {
      store<u64>(to, load<u64>(from));
      from += 8;
      to += 8;
    } while (to < end);
  } else if (distance == 1) {
    const bytes = i8x16.splat(<i8>load<u8>(from));
    do {
      v128.store(to, bytes);
      to += 16;
    } while (to < end);
  } else {
    do {
      store<u8>(to, load<u8>(from));
      from += 1;
      to += 1;
    } while (to < end);
  }
  return end;
}
