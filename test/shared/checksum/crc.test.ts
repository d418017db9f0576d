import { randomBytes } from "node:crypto";
import { createCRC32, createCRC64 } from "hash-wasm";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createCrc } from "../../../shared/checksum/crc.ts";
import { CRC_MODELS, crcStart, type CrcAlgorithm } from "../../../shared/checksum/crc-model.ts";

const STRIPE = 3 * 5 * 1024;
/** All whole stripes that the module's memory holds. */
const CAPACITY = 20 * STRIPE;

const REFERENCES = {
  CRC32: () => createCRC32(0xedb88320),
  CRC32C: () => createCRC32(0x82f63b78),
  CRC64NVME: () => createCRC64("9a6c9329ac4bc9b5"),
};

function hexOf(algorithm: CrcAlgorithm, ...pieces: Uint8Array[]): string {
  const model = CRC_MODELS[algorithm];
  const register = pieces.reduce(createCrc(model), crcStart(model));
  return (register ^ crcStart(model)).toString(16).padStart(model.widthBits / 4, "0");
}

test.each([
  ["CRC32", "cbf43926"],
  ["CRC32C", "e3069283"],
  ["CRC64NVME", "ae8b14860a799888"],
] as const)("%s of 123456789 is the published check value", (algorithm, hex) => {
  expect(hexOf(algorithm, Buffer.from("123456789"))).toBe(hex);
});

describe.each(["CRC32", "CRC32C", "CRC64NVME"] as const)("%s", (algorithm) => {
  test.each([0, 1, 7, 8, 9, 65_536, STRIPE - 1, STRIPE, STRIPE + 13, CAPACITY + 1, 1_000_003])(
    "agrees with another implementation over %i bytes, in one piece and in several",
    async (sizeBytes) => {
      const bytes = randomBytes(sizeBytes);
      const reference = await REFERENCES[algorithm]();
      const expected = reference.init().update(bytes).digest("hex");
      const cut = Math.floor(sizeBytes / 3);
      expect(hexOf(algorithm, bytes)).toBe(expected);
      expect(hexOf(algorithm, bytes.subarray(0, cut), bytes.subarray(cut))).toBe(expected);
    },
  );

  test("registers that take turns do not disturb each other", () => {
    const model = CRC_MODELS[algorithm];
    const crc = createCrc(model);
    const first = crc(crcStart(model), Buffer.from("1234"));
    crc(crcStart(model), Buffer.from("noise"));
    expect(crc(first, Buffer.from("56789")) ^ crcStart(model)).toBe(
      BigInt(`0x${hexOf(algorithm, Buffer.from("123456789"))}`),
    );
  });
});

describe("where WebAssembly is forbidden", () => {
  afterEach(() => void vi.unstubAllGlobals());

  const refuse = () => {
    throw new EvalError("policy");
  };

  test.each([
    ["by a policy", { Module: refuse }],
    ["by the browser's mode", undefined],
  ])("%s, the CRCs are the same", (_by, webAssembly) => {
    const bytes = randomBytes(70_001);
    for (const algorithm of ["CRC32", "CRC32C", "CRC64NVME"] as const) {
      const expected = hexOf(algorithm, bytes);
      vi.stubGlobal("WebAssembly", webAssembly);
      expect(hexOf(algorithm, bytes.subarray(0, 5), bytes.subarray(5))).toBe(expected);
      vi.unstubAllGlobals();
    }
  });
});
