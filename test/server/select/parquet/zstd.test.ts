import { describe, expect, test } from "vitest";
import { SelectError } from "../../../../shared/select/select-error.ts";
import { unpackZstd } from "../../../../server/select/parquet/zstd/unpack-zstd.ts";
import { answerOf, countingSource, fixture } from "./ask-parquet.ts";

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

/** One segment whose size stands in a byte. */
const HEADER = [0x20, 0];

/** A block, the last one, with its kind and size before it. */
function frame(kind: number, body: readonly number[], size = body.length): Uint8Array {
  const head = 1 | (kind << 1) | (size << 3);
  return Uint8Array.of(...MAGIC, ...HEADER, head & 255, (head >> 8) & 255, head >> 16, ...body);
}

function unpacked(packed: Uint8Array, size = 64): string {
  const output = new Uint8Array(size);
  try {
    return Buffer.from(output.subarray(0, unpackZstd(packed, output))).toString("latin1");
  } catch (error) {
    if (error instanceof SelectError) return error.code;
    throw error;
  }
}

describe("Zstandard", () => {
  test("is unpacked over many blocks, which take over tables and offsets from each other", async () => {
    const { text } = await answerOf(
      "SELECT * FROM S3Object",
      countingSource(fixture("blocks-zstd")),
    );
    const expected = Array.from({ length: 30_000 }, (_, i) => {
      const value = `row ${i % 50} of ${Math.floor(i / 50)}: ${"abc".repeat(i % 4)}`;
      return `{"text":"${value}","square":${(i * i) % 1009}}\n`;
    });
    expect(text).toBe(expected.join(""));
  });

  test("has raw blocks, runs, frames behind each other and bytes for others", () => {
    const raw = frame(0, [97, 98]);
    const run = frame(1, [99], 3);
    const skipped = Uint8Array.of(0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2);
    expect(unpacked(raw)).toBe("ab");
    expect(unpacked(Buffer.concat([raw, skipped, run]))).toBe("abccc");
  });

  test("repeats what it has just written", () => {
    // One literal, and behind it one sequence: the last offset but none, which is 1, for six bytes.
    const literals = [1 << 3, 97];
    const sequences = [1, 0b01010100, 1, 0, 3, 0b1];
    expect(unpacked(frame(2, [...literals, ...sequences]))).toBe("aaaaaaa");
  });

  test.each<[string, Uint8Array]>([
    ["another format", Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
    ["a frame that is cut off", frame(0, [97, 98]).subarray(0, 9)],
    ["a run longer than the page", frame(1, [99], 1000)],
    ["a block of a kind that there is not", frame(3, [1])],
    ["literals beyond their block", frame(2, [31 << 3, 97])],
    ["a block without sequences", frame(2, [1 << 3, 97])],
    ["a tree of nothing", frame(2, [2, 0, 0, 0, 0])],
    ["a table taken over from nowhere", frame(2, [1 << 3, 97, 1, 0b11111100, 1])],
    ["an offset before the beginning", frame(2, [1 << 3, 97, 1, 0b01010100, 1, 2, 3, 0b11100])],
    // Each of them would be 65,539 bytes long.
    [
      "repetitions without end",
      frame(2, [1 << 3, 97, 255, 255, 255, 0b01010100, 0, 0, 52, ...Array<number>(4000).fill(1)]),
    ],
  ])("%s is not sound", (_name, packed) => {
    expect(unpacked(packed)).toBe("ParquetParsingError");
  });
});
