import { constants, deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SelectError } from "../../../../shared/select/select-error.ts";
import { createBlockMemory, roomOf } from "../../../../server/select/blocks/block-memory.ts";
import { GzipSupply } from "../../../../server/select/blocks/gzip-supply.ts";

/** Unpacks with targets of the given size; answers what came, or the code that it failed with. */
async function unpack(packed: Uint8Array, pieceBytes = 1000, targetBytes = 5000) {
  async function* pieces() {
    for (let at = 0; at < packed.length; at += pieceBytes)
      yield packed.subarray(at, at + pieceBytes);
  }
  const memory = createBlockMemory(2);
  const supply = new GzipSupply(pieces(), memory);
  const unpacked: Buffer[] = [];
  try {
    for (let slot = 0; ; slot = 1 - slot) {
      const target = new Uint8Array(memory.buffer, roomOf(slot), targetBytes);
      const filled = await supply.fill(target);
      unpacked.push(Buffer.from(target.slice(0, filled)));
      if (filled < targetBytes) return Buffer.concat(unpacked);
    }
  } catch (error) {
    if (!(error instanceof SelectError)) throw error;
    return error.code;
  } finally {
    await supply.close();
  }
}

/** Bytes as objects have them: words that come again, runs, and noise. */
const content = fc
  .array(
    fc.oneof(
      fc
        .constantFrom("name,", "status", "active,", "\n", "2026-11-28T", "0.25,")
        .map((text) => Buffer.from(text)),
      fc.tuple(fc.nat(255), fc.nat(700)).map(([byte, count]) => Buffer.alloc(count, byte)),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc
        .tuple(fc.nat(6), fc.nat(400))
        .map(([period, count]) => Buffer.alloc(count, "abcdefg".slice(0, period + 1))),
    ),
    { maxLength: 60 },
  )
  .map((parts) => Buffer.concat(parts));

const settings = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FILTERED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FIXED,
  ),
  memLevel: fc.integer({ min: 1, max: 9 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
});

describe("gzip is unpacked where it is needed", () => {
  test("whatever it holds, however it was packed, and whatever pieces it comes in", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(content, settings), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 9000 }),
        async (members, pieceBytes, targetBytes) => {
          const packed = Buffer.concat(members.map(([bytes, how]) => gzipSync(bytes, how)));
          const whole = Buffer.concat(members.map(([bytes]) => bytes));
          const unpacked = await unpack(packed, pieceBytes, targetBytes);
          expect(Buffer.compare(Buffer.from(unpacked), whole)).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("a megabyte that compresses a thousandfold, and one that does not at all", async () => {
    const zeros = Buffer.alloc(3_000_000);
    expect(zeros.compare(Buffer.from(await unpack(gzipSync(zeros), 64_000, 700_000)))).toBe(0);
    const noise = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 2654435761) >>> 24));
    expect(noise.compare(Buffer.from(await unpack(gzipSync(noise), 300_000, 100_000)))).toBe(0);
  });

  test("names, comments and further fields of a header are passed over", async () => {
    const text = Buffer.from("a,b\n1,2\n");
    const plain = gzipSync(text);
    const header = Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 255]);
    const further = Buffer.from("\u0003\u0000xyzname\u0000comment\u0000cc", "latin1");
    const packed = Buffer.concat([header, further, plain.subarray(10)]);
    expect(await unpack(packed, 3)).toEqual(text);
  });

  test("what stands behind the last member belongs to nobody", async () => {
    const packed = Buffer.concat([gzipSync("a"), Buffer.from("\0\0\0 rest")]);
    expect(await unpack(packed)).toEqual(Buffer.from("a"));
  });

  test.each([
    ["InvalidCompressionFormat", Buffer.from("a,b\n1,2\n")],
    ["InvalidCompressionFormat", Buffer.from([0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    [
      "InvalidCompressionFormat",
      Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]), Buffer.alloc(400_000, 65)]),
    ],
    ["TruncatedInput", Buffer.alloc(0)],
    ["TruncatedInput", Buffer.from([0x1f])],
  ])("%s", async (code, packed) => {
    expect(await unpack(packed)).toBe(code);
  });

  test("cut off anywhere, it ends too soon", async () => {
    const packed = gzipSync(Buffer.from("status,active\n".repeat(50) + "x1y2z3"));
    for (let length = 0; length < packed.length; length += 1) {
      expect(await unpack(packed.subarray(0, length), 7)).toBe("TruncatedInput");
    }
  });

  test("a byte that was changed is found, or stands where it means nothing", async () => {
    const text = Buffer.from("status,active\nname,price,12.5\n".repeat(20) + "x1y2z3");
    for (const level of [0, 1, 9]) {
      const packed = gzipSync(text, { level });
      for (let index = 0; index < packed.length; index += 1) {
        const spoilt = Buffer.from(packed);
        spoilt[index] = (spoilt[index] ?? 0) ^ (1 << (index % 8));
        const unpacked = await unpack(spoilt);
        if (typeof unpacked !== "string") expect(unpacked).toEqual(text);
      }
    }
  });

  test("a member refers to nothing before its own beginning", async () => {
    // A match of distance 4 as its first code, with the fixed code: nothing is there to be repeated.
    const first = gzipSync("abcdefgh");
    const body = deflateRawSync(Buffer.from("abcdabcdabcd"), { strategy: constants.Z_FIXED });
    const reference = Buffer.from(body.subarray(0, body.length));
    // Taking out the four literals leaves the reference as the first thing that the block says.
    const bits = [...reference].flatMap((byte) =>
      Array.from({ length: 8 }, (_, at) => (byte >> at) & 1),
    );
    const cut = [...bits.slice(0, 3), ...bits.slice(3 + 4 * 8)];
    const bytes = Buffer.alloc(Math.ceil(cut.length / 8));
    for (const [at, bit] of cut.entries())
      bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (bit << (at & 7));
    const second = Buffer.concat([gzipSync("").subarray(0, 10), bytes, Buffer.alloc(8)]);
    expect(await unpack(Buffer.concat([first, second]))).toBe("TruncatedInput");
  });
});
