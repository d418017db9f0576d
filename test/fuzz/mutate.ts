import type { Dice } from "./dice.ts";

/** Numbers at which something tends to end or to overflow. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** Texts that mean something in one of the formats. */
const WORDS = [
  ...'\0 \n \r\n , ; " "" \' \\ # { } [ ] : \\u0000 \\ud800 null true 1e9999 -0 \ufeff'.split(" "),
  "9".repeat(400),
  '"'.repeat(50),
  "[".repeat(2000),
  '{"a":'.repeat(500),
  "a,".repeat(500),
  "PAR1",
  "BZh9",
  "\x1f\x8b\x08",
  "\ud83d\ude00",
];

/** Most bytes of an input, so that a million of them take minutes. */
const MOST_BYTES = 64 * 1024;

/** Changes bytes here and there, as often as the dice say. */
export function mutate(bytes: Uint8Array, dice: Dice): Uint8Array {
  let changed: Buffer = Buffer.from(bytes);
  for (let count = 1 + dice.below(8); count > 0; count -= 1) changed = changeOnce(changed, dice);
  return changed.subarray(0, MOST_BYTES);
}

function changeOnce(bytes: Buffer, dice: Dice): Buffer {
  const at = dice.below(bytes.length + 1);
  switch (dice.below(8)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return spliced(bytes, at, 0, Buffer.from(dice.pick(WORDS)));
    case 2:
      return spliced(bytes, at, dice.below(16), Buffer.alloc(0));
    case 3:
      return spliced(bytes, at, 0, bytes.subarray(at, at + dice.below(256)));
    case 4:
      return overwritten(bytes, at, numberOf(dice));
    case 5:
      return overwritten(bytes, at, dice.bytes(1 + dice.below(4)));
    default:
      return overwritten(bytes, at, Uint8Array.of((bytes[at] ?? 0) ^ (1 << dice.below(8))));
  }
}

function numberOf(dice: Dice): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(dice.pick(EDGES));
  return dice.onceIn(2) ? bytes : bytes.subarray(0, 1 + dice.below(3));
}

function overwritten(bytes: Buffer, at: number, by: Uint8Array): Buffer {
  const changed = Buffer.from(bytes);
  changed.set(by.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length));
  return changed;
}

function spliced(bytes: Buffer, at: number, without: number, inserted: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + without)]);
}
