import { expect, test } from "vitest";
import { checksumLines } from "../../../../web/app/queue/checksum-text.ts";

const receipt = { key: "a", sizeBytes: 1000, etag: '"e"' };
const crc64 = { algorithm: "CRC64NVME", value: "n2m5H9mQH4Y=" } as const;
const sha256 = { algorithm: "SHA256", value: "qk1XyPv=" } as const;

test("equal checksums are one line that says so", () => {
  expect(checksumLines({ ...receipt, checksum: crc64, computed: crc64 })).toEqual([
    { ...crc64, verdict: "equal", words: "equal to what this browser read" },
  ]);
});

test("different ones are never called equal", () => {
  const computed = { ...crc64, value: "AAAAAAAAAAA=" };
  const [line] = checksumLines({ ...receipt, checksum: crc64, computed });
  expect(line?.verdict).toBe("different");
});

test("one that stands alone says whose it is", () => {
  expect(checksumLines({ ...receipt, checksum: crc64 })[0]?.words).toMatch(/not compared/);
  expect(checksumLines({ ...receipt, computed: crc64 })[0]?.words).toMatch(/storage names none/);
});

test("two kinds are not compared, and both are shown", () => {
  const lines = checksumLines({ ...receipt, checksum: sha256, computed: crc64 });
  expect(lines.map(({ algorithm, verdict }) => [algorithm, verdict])).toEqual([
    ["SHA256", "storage-only"],
    ["CRC64NVME", "browser-only"],
  ]);
  expect(lines[1]?.words).toContain("another kind");
});

test("a receipt without any has no line", () => {
  expect(checksumLines(receipt)).toEqual([]);
});
