import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { combineParts } from "../../../../web/transfer/checksum/combine-parts.ts";
import { createBlobHash } from "../../../../web/transfer/checksum/hash-blob.ts";

const hashBlob = createBlobHash();
const never = new AbortController().signal;

describe.each(["CRC64NVME", "CRC32", "CRC32C"] as const)("%s", (algorithm) => {
  test("of the parts combined is that of the whole, however it is cut", async () => {
    const cuts = fc.array(fc.uint8Array({ maxLength: 5000 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(cuts, async (pieces) => {
        const parts = await Promise.all(
          pieces.map(async (piece) => ({
            value: await hashBlob(new Blob([new Uint8Array(piece)]), algorithm, never),
            sizeBytes: piece.length,
          })),
        );
        const whole = new Blob(pieces.map((piece) => new Uint8Array(piece)));
        expect(combineParts(algorithm, parts)).toBe(await hashBlob(whole, algorithm, never));
      }),
      { numRuns: 50 },
    );
  });
});

test("SHA256 cannot be combined", () => {
  expect(combineParts("SHA256", [{ value: "A".repeat(43) + "=", sizeBytes: 5 }])).toBeNull();
});

test("a value of another algorithm is refused", () => {
  expect(() => combineParts("CRC32", [{ value: "rosUhgp5mIg=", sizeBytes: 9 }])).toThrow(
    SyntaxError,
  );
});
