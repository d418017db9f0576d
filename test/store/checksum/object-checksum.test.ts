import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createDigests } from "../../../server/store/checksum/digests.ts";
import {
  isChecksumTypeAllowed,
  isDigestValue,
  multipartEtag,
  objectChecksum,
} from "../../../server/store/checksum/object-checksum.ts";
import type { ChecksumAlgorithm } from "../../../server/store/engine.ts";

const digests = createDigests();

async function digestOf(algorithm: ChecksumAlgorithm | "MD5", bytes: Uint8Array): Promise<Buffer> {
  const running = await digests.start(algorithm);
  running.update(bytes);
  return running.digest();
}

const CHECK = Buffer.from("123456789");

describe("digests", () => {
  test.each([
    ["CRC32", "cbf43926"],
    ["CRC32C", "e3069283"],
    ["CRC64NVME", "ae8b14860a799888"],
    ["MD5", "25f9e794323b453885f5181f1b624d0b"],
    ["SHA1", "f7c3bc1d808e04732adf679965ccc34ca7ae3441"],
    ["SHA256", "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"],
  ] as const)("%s of 123456789 is the published check value", async (algorithm, hex) => {
    expect((await digestOf(algorithm, CHECK)).toString("hex")).toBe(hex);
  });

  test("an instance that is used again starts afresh", async () => {
    const first = await digestOf("CRC64NVME", CHECK);
    await digestOf("CRC64NVME", Buffer.from("other"));
    expect(await digestOf("CRC64NVME", CHECK)).toEqual(first);
  });

  test("two running digests of one kind do not disturb each other", async () => {
    const [a, b] = [await digests.start("CRC32C"), await digests.start("CRC32C")];
    a.update(Buffer.from("1234"));
    b.update(Buffer.from("noise"));
    a.update(Buffer.from("56789"));
    expect(a.digest().toString("hex")).toBe("e3069283");
  });
});

test("the checksum of a multipart object in full is that of its bytes", async () => {
  const pieces = [Buffer.alloc(70_000, 1), Buffer.alloc(70_000, 2), Buffer.from("end")];
  const parts = [];
  for (const piece of pieces) {
    const value = (await digestOf("CRC64NVME", piece)).toString("base64");
    parts.push({ value, sizeBytes: piece.length });
  }
  const whole = (await digestOf("CRC64NVME", Buffer.concat(pieces))).toString("base64");
  expect(objectChecksum("CRC64NVME", "FULL_OBJECT", parts)).toEqual({
    algorithm: "CRC64NVME",
    type: "FULL_OBJECT",
    value: whole,
  });
});

describe("composite checksums", () => {
  test.each(["CRC32", "CRC32C", "SHA1", "SHA256"] as const)(
    "%s is the digest of the parts' digests and their number",
    async (algorithm) => {
      const pieces = [Buffer.from("one"), Buffer.from("two")];
      const raw = await Promise.all(pieces.map((piece) => digestOf(algorithm, piece)));
      const expected = (await digestOf(algorithm, Buffer.concat(raw))).toString("base64");
      const parts = raw.map((digest) => ({ value: digest.toString("base64"), sizeBytes: 3 }));
      expect(objectChecksum(algorithm, "COMPOSITE", parts).value).toBe(`${expected}-2`);
    },
  );

  test("the ETag is the MD5 of the parts' MD5s and their number", () => {
    const md5 = (text: string) => createHash("md5").update(text).digest();
    const expected = createHash("md5")
      .update(Buffer.concat([md5("one"), md5("two")]))
      .digest("hex");
    expect(multipartEtag([md5("one").toString("hex"), md5("two").toString("hex")])).toBe(
      `${expected}-2`,
    );
  });

  test("S3's combinations alone are allowed", () => {
    expect(isChecksumTypeAllowed("CRC64NVME", "COMPOSITE")).toBe(false);
    expect(isChecksumTypeAllowed("CRC32", "FULL_OBJECT")).toBe(true);
    expect(isChecksumTypeAllowed("SHA256", "FULL_OBJECT")).toBe(false);
  });

  test("a value of another length or not in base64 is none", () => {
    expect(isDigestValue("CRC32", "AAAAAA==")).toBe(true);
    expect(isDigestValue("CRC32", "AAAA")).toBe(false);
    expect(isDigestValue("CRC32", "?AAAAA==")).toBe(false);
  });
});
