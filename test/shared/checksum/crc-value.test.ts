import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  combineCrcValues,
  crcFromBase64,
  crcToBase64,
} from "../../../shared/checksum/crc-value.ts";
import { CRC_MODELS } from "../../../shared/checksum/crc-model.ts";

const ALGORITHMS = ["CRC32", "CRC32C", "CRC64NVME"] as const;

test("a CRC is written as base64 of its big-endian bytes", () => {
  expect(crcToBase64("CRC32", 0xcbf43926n)).toBe("y/Q5Jg==");
  expect(crcToBase64("CRC64NVME", 0xae8b14860a799888n)).toBe("rosUhgp5mIg=");
  expect(crcToBase64("CRC64NVME", 0n)).toBe("AAAAAAAAAAA=");
});

test.each(ALGORITHMS)("%s is read as it was written", (algorithm) => {
  const max = (1n << BigInt(CRC_MODELS[algorithm].widthBits)) - 1n;
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max }), (crc) => {
      expect(crcFromBase64(algorithm, crcToBase64(algorithm, crc))).toBe(crc);
    }),
  );
});

test.each(["", "AAAA", "rosUhgp5mIg=", "?AAAAA==", "y/Q5Jg==-2"])("%j is no CRC32", (value) => {
  expect(() => crcFromBase64("CRC32", value)).toThrow(SyntaxError);
});

test("values of parts make the value of the whole", () => {
  // CRC32 of "12345" and "6789"; the whole is the published check value.
  const parts = [
    { value: "y/U6HA==", sizeBytes: 5 },
    { value: "nbq/hw==", sizeBytes: 4 },
  ];
  expect(combineCrcValues("CRC32", parts)).toBe("y/Q5Jg==");
});

test("one part's value is that of the whole", () => {
  expect(combineCrcValues("CRC64NVME", [{ value: "rosUhgp5mIg=", sizeBytes: 9 }])).toBe(
    "rosUhgp5mIg=",
  );
});
