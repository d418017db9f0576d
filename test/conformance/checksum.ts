/**
 * Checksums as S3 writes them, computed apart from the store: by Node and, for the two that Node lacks,
 * bit by bit from their definitions.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** Checksum algorithms of S3. */
export const CHECKSUM_ALGORITHMS = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const;

/** One of {@link CHECKSUM_ALGORITHMS}. */
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** Base64 of the digest of `body`, big-endian. */
export function checksumOf(algorithm: ChecksumAlgorithm, body: Uint8Array): string {
  return digestOf(algorithm, body).toString("base64");
}

/** Checksum of checksums over `parts`, with their count, as S3 gives a composite one. */
export function compositeOf(algorithm: ChecksumAlgorithm, parts: readonly Uint8Array[]): string {
  const digests = parts.map((part) => digestOf(algorithm, part));
  return `${checksumOf(algorithm, Buffer.concat(digests))}-${parts.length}`;
}

/** ETag of an object of `parts`, with its quotes. */
export function multipartEtag(parts: readonly Uint8Array[]): string {
  const digests = parts.map((part) => createHash("md5").update(part).digest());
  const md5 = createHash("md5").update(Buffer.concat(digests)).digest("hex");
  return `"${md5}-${parts.length}"`;
}

function digestOf(algorithm: ChecksumAlgorithm, body: Uint8Array): Buffer {
  switch (algorithm) {
    case "CRC32":
      return bigEndian(BigInt(crc32(body)), 4);
    case "CRC32C":
      return bigEndian(reflectedCrc(body, CRC32C_TABLE, 0xffff_ffffn), 4);
    case "CRC64NVME":
      return bigEndian(reflectedCrc(body, CRC64NVME_TABLE, 0xffff_ffff_ffff_ffffn), 8);
    case "SHA1":
      return createHash("sha1").update(body).digest();
    case "SHA256":
      return createHash("sha256").update(body).digest();
  }
}

const CRC32C_TABLE = reflectedTable(0x82f6_3b78n);
const CRC64NVME_TABLE = reflectedTable(0x9a6c_9329_ac4b_c9b5n);

function reflectedTable(polynomial: bigint): readonly bigint[] {
  return Array.from({ length: 256 }, (_, byte) => {
    let remainder = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) {
      remainder = remainder & 1n ? (remainder >> 1n) ^ polynomial : remainder >> 1n;
    }
    return remainder;
  });
}

function reflectedCrc(body: Uint8Array, table: readonly bigint[], ones: bigint): bigint {
  let remainder = ones;
  for (const byte of body) {
    remainder = (table[Number(remainder & 0xffn) ^ byte] ?? 0n) ^ (remainder >> 8n);
  }
  return remainder ^ ones;
}

function bigEndian(value: bigint, lengthBytes: number): Buffer {
  return Buffer.from(value.toString(16).padStart(lengthBytes * 2, "0"), "hex");
}
