import { setImmediate } from "node:timers/promises";
import { SelectError } from "../../../../shared/select/select-error.ts";
import { BitInput } from "./bit-input.ts";
import { blockMemory, readBlock, type BlockMemory } from "./block.ts";
import { damaged } from "./damage.ts";
import { Runs } from "./runs.ts";

/** Pieces have at most so many bytes: others have their turn between them. */
const PIECE_BYTES = 256 * 1024;

/** Blocks are counted in so many bytes. */
const LEVEL_BYTES = 100_000;

/** "BZh", before the digit of the level. */
const STREAM_MARK = 0x425a68;

/** What a block begins with, and what stands behind the last: π and its root in decimal digits. */
const BLOCK_MARK = [0x314159, 0x265359] as const;
const END_MARK = [0x177245, 0x385090] as const;

/** As many bytes as tell bzip2 from a text that begins in the same way. */
const HEAD_LENGTH = 10;

/** Whether bytes begin as bzip2 does; ten of them are looked at. */
export function isBzip2(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, HEAD_LENGTH)).toString("hex");
  return /^425a683[1-9](?:314159265359|177245385090)$/u.test(text);
}

/**
 * Unpacks bzip2, of one stream or several, in at most 9 MB of memory.
 * @throws SelectError `InvalidCompressionFormat` for what is no bzip2, `TruncatedInput` for what ends too soon or is
 * damaged; what the pieces throw
 * @see https://github.com/dsnet/compress/blob/master/doc/bzip2-format.pdf
 */
export async function* bunzip2(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const input = new BitInput(pieces);
  try {
    let memory: BlockMemory | null = null;
    let streamCount = 0;
    do {
      const mostBytes = await readStreamStart(input, streamCount === 0);
      if (memory === null || memory.bytes.length < mostBytes) memory = blockMemory(mostBytes);
      yield* blocksOf(input, memory, mostBytes);
      streamCount += 1;
      input.alignToByte();
      if (input.isLow) await input.fill();
      // A source of streams without end would have it no turn else.
      await setImmediate();
    } while (!input.isAtEnd);
  } finally {
    await input.close();
  }
}

/** Reads what a stream begins with, and answers the most bytes that its blocks have. */
async function readStreamStart(input: BitInput, isFirst: boolean): Promise<number> {
  if (input.isLow) await input.fill();
  const isMarked = input.read(24) === STREAM_MARK;
  const level = input.read(8) - 0x30;
  if (isMarked && level >= 1 && level <= 9) return level * LEVEL_BYTES;
  if (!isFirst) throw damaged();
  throw new SelectError("InvalidCompressionFormat", "The object is not BZIP2.");
}

/** The bytes of a stream's blocks, up to and including its end. */
async function* blocksOf(
  input: BitInput,
  memory: BlockMemory,
  mostBytes: number,
): AsyncIterable<Uint8Array> {
  let crc = 0;
  while (await isBlockNext(input)) {
    const block = await readBlock(input, memory, mostBytes);
    const runs = new Runs(block);
    for (;;) {
      const piece = new Uint8Array(PIECE_BYTES);
      const count = runs.write(piece);
      if (count > 0) yield piece.subarray(0, count);
      if (count < PIECE_BYTES) break;
    }
    if (!runs.isIntact) throw damaged();
    crc = ((crc << 1) | (crc >>> 31)) ^ block.crc;
  }
  if (((input.read(16) << 16) | input.read(16)) !== crc) throw damaged();
}

async function isBlockNext(input: BitInput): Promise<boolean> {
  if (input.isLow) await input.fill();
  const mark = [input.read(24), input.read(24)];
  if (mark[0] === BLOCK_MARK[0] && mark[1] === BLOCK_MARK[1]) return true;
  if (mark[0] === END_MARK[0] && mark[1] === END_MARK[1]) return false;
  throw damaged();
}
