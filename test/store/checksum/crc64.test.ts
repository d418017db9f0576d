import { randomBytes } from "node:crypto";
import { createCRC64 } from "hash-wasm";
import { expect, test } from "vitest";
import { CRC64_START, createCrc64 } from "../../../server/store/checksum/crc64.ts";

const crc64 = createCrc64();
const hexOf = (...pieces: Uint8Array[]): string => {
  const register = pieces.reduce(crc64, CRC64_START);
  return (register ^ CRC64_START).toString(16).padStart(16, "0");
};

async function referenceOf(bytes: Uint8Array): Promise<string> {
  const hasher = await createCRC64("9a6c9329ac4bc9b5");
  return hasher.init().update(bytes).digest("hex");
}

const STRIPE = 3 * 84 * 1024;

test("is the published check value of 123456789", () => {
  expect(hexOf(Buffer.from("123456789"))).toBe("ae8b14860a799888");
});

test.each([0, 1, 7, 8, 9, 65_536, STRIPE - 1, STRIPE, STRIPE + 13, 262_144, 1_000_003])(
  "agrees with another implementation over %i bytes, in one piece and in several",
  async (sizeBytes) => {
    const bytes = randomBytes(sizeBytes);
    const expected = await referenceOf(bytes);
    const cut = Math.floor(sizeBytes / 3);
    expect(hexOf(bytes)).toBe(expected);
    expect(hexOf(bytes.subarray(0, cut), bytes.subarray(cut))).toBe(expected);
  },
);
