import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { combineCrcs, zerosAfter } from "../../../shared/checksum/crc-combine.ts";
import { createCrc } from "../../../shared/checksum/crc.ts";
import { CRC_MODELS, crcStart } from "../../../shared/checksum/crc-model.ts";

describe.each(["CRC32", "CRC32C", "CRC64NVME"] as const)("%s", (algorithm) => {
  const model = CRC_MODELS[algorithm];
  const crc = createCrc(model);
  const crcOf = (bytes: Uint8Array) => crc(crcStart(model), bytes) ^ crcStart(model);

  test("of the pieces is that of the whole, however it is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }), (pieces) => {
        const parts = pieces.map((piece) => ({ crc: crcOf(piece), sizeBytes: piece.length }));
        expect(combineCrcs(model, parts)).toBe(crcOf(Buffer.concat(pieces)));
      }),
      { numRuns: 200 },
    );
  });

  test("joins lengths beyond 2^32 in any grouping", () => {
    const piece = fc.record({
      crc: fc.bigInt({ min: 0n, max: (1n << BigInt(model.widthBits)) - 1n }),
      sizeBytes: fc.integer({ min: 0, max: 5 * 1024 ** 4 }),
    });
    fc.assert(
      fc.property(piece, piece, piece, (a, b, c) => {
        const tail = {
          crc: combineCrcs(model, [b, c]),
          sizeBytes: b.sizeBytes + c.sizeBytes,
        };
        expect(combineCrcs(model, [a, tail])).toBe(combineCrcs(model, [a, b, c]));
      }),
    );
  });

  test("of nothing is 0", () => {
    expect(combineCrcs(model, [])).toBe(0n);
  });

  test("moves past zero bytes in one step", () => {
    const bytes = Buffer.from("123456789");
    const register = crc(crcStart(model), bytes);
    expect(zerosAfter(model, 70_001)(register)).toBe(crc(register, new Uint8Array(70_001)));
  });
});
