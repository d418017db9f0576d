/**
 * A WebAssembly module that computes reflected CRCs of up to 64 bits, put together instruction by instruction: one
 * chain of table look-ups waits for memory most of the time, three chains side by side keep a core busy. The tables
 * alone make the CRC: one of 32 bits is a register of 64 whose upper half stays empty.
 * @see https://webassembly.github.io/spec/core/binary/index.html
 */

/** Eight bytes go through this many tables of 256 entries of 8 bytes, from address 0. */
const TABLE_SIZE_BYTES = 256 * 8;

/** Bytes of one chain in `stripe`; three chains lie one after another. Whole stripes all but fill 64 and 256 KiB. */
export const CHAIN_SIZE_BYTES = 5 * 1024;

/** Address after the tables. */
export const DATA_ADDRESS = 8 * TABLE_SIZE_BYTES;

/** Size of the module's memory in pages of 64 KiB: the tables and 256 KiB or more of data. */
export const MEMORY_PAGES = 5;

/** `\0asm`, version 1. */
const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

// Opcodes and types of the specification's section 5.4.
const I32 = 0x7f;
const I64 = 0x7e;
const op = {
  loop: (body: number[]) => [0x03, 0x40, ...body, 0x0b],
  branchIf: (depth: number) => [0x0d, depth],
  get: (local: number) => [0x20, local],
  set: (local: number) => [0x21, local],
  tee: (local: number) => [0x22, local],
  load64: (offset: number) => [0x29, 0x03, ...unsigned(offset)],
  const32: (value: number) => [0x41, ...signed(value)],
  const64: (value: number) => [0x42, ...signed(value)],
  lessThan: [0x49],
  add: [0x6a],
  and: [0x71],
  xor64: [0x85],
  shiftLeft64: [0x86],
  shiftRight64: [0x88],
  wrap: [0xa7],
  end: [0x0b],
} as const;

/** Parameters and locals of both functions. */
const FIRST = 0;
const POINTER = 1;
const END = 2;
const SECOND = 3;
const THIRD = 4;
const WORD = 5;

/**
 * The module's bytes. It exports `memory`, `run(crc, pointer, end)` over whole words of 8 bytes, and
 * `stripe(crc, pointer, end)` over three chains of which the first ends at `end`; `second` and `third` hold the
 * CRCs of the other two afterwards.
 */
export function crcModule(): Uint8Array<ArrayBuffer> {
  const run = [...chainLoop([[FIRST, 0]]), ...op.get(FIRST), ...op.end];
  const stripe = [
    ...chainLoop([
      [FIRST, 0],
      [SECOND, CHAIN_SIZE_BYTES],
      [THIRD, 2 * CHAIN_SIZE_BYTES],
    ]),
    ...[SECOND, THIRD].flatMap((local, index) => [...op.get(local), 0x24, index]),
    ...op.get(FIRST),
    ...op.end,
  ];
  const emptyGlobal = [I64, 0x01, ...op.const64(0), ...op.end];
  return Uint8Array.from([
    ...HEADER,
    ...section(1, vector([[0x60, ...vector([[I64], [I32], [I32]]), ...vector([[I64]])]])),
    ...section(3, vector([[0], [0]])),
    ...section(5, vector([[0x00, MEMORY_PAGES]])),
    ...section(6, vector([emptyGlobal, emptyGlobal])),
    ...section(
      7,
      vector([
        [...name("memory"), 0x02, 0],
        [...name("run"), 0x00, 0],
        [...name("stripe"), 0x00, 1],
        [...name("second"), 0x03, 0],
        [...name("third"), 0x03, 1],
      ]),
    ),
    ...section(10, vector([functionBody(run), functionBody(stripe)])),
  ]);
}

/** Takes one word into each chain, moves on, and repeats until the pointer is at the end. */
function chainLoop(chains: readonly (readonly [local: number, offset: number])[]): number[] {
  return op.loop([
    ...chains.flatMap(([local, offset]) => step(local, offset)),
    ...op.get(POINTER),
    ...op.const32(8),
    ...op.add,
    ...op.tee(POINTER),
    ...op.get(END),
    ...op.lessThan,
    ...op.branchIf(0),
  ]);
}

/** crc = T7[byte 0] ^ … ^ T0[byte 7] of crc ^ word, where Tn knows a byte followed by n zeros. */
function step(local: number, offset: number): number[] {
  const mixed = [
    ...op.get(local),
    ...op.get(POINTER),
    ...op.load64(offset),
    ...op.xor64,
    ...op.set(WORD),
  ];
  const terms = Array.from({ length: 8 }, (_, byte) => {
    const shift = 8 * byte - 3;
    return [
      ...op.get(WORD),
      // The byte times 8, the size of an entry, in one shift.
      ...op.const64(Math.abs(shift)),
      ...(shift < 0 ? op.shiftLeft64 : op.shiftRight64),
      ...op.wrap,
      ...op.const32(0xff * 8),
      ...op.and,
      ...op.load64((7 - byte) * TABLE_SIZE_BYTES),
      ...(byte > 0 ? op.xor64 : []),
    ];
  });
  return [...mixed, ...terms.flat(), ...op.set(local)];
}

function functionBody(code: readonly number[]): number[] {
  const locals = vector([[3, I64]]);
  return [...unsigned(locals.length + code.length), ...locals, ...code];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function name(text: string): number[] {
  return vector([...text].map((letter) => [letter.charCodeAt(0)]));
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const isLast = value >= -0x40 && value < 0x40;
  return isLast ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
