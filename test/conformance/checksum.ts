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
    case "CRC32": {
      const digest = Buffer.alloc(4);
      digest.writeUInt32BE(crc32(body));
      return digest;
    }
    case "CRC32C":
      return reflectedCrc(body, CRC32C).subarray(4);
    case "CRC64NVME":
      return reflectedCrc(body, CRC64NVME);
    case "SHA1":
      return createHash("sha1").update(body).digest();
    case "SHA256":
      return createHash("sha256").update(body).digest();
  }
}

/** Table of a reflected CRC in halves of 32 bits, for BigInt is too slow for megabytes. */
interface CrcTable {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  /** All ones, in the width of the CRC: where it begins, and what it is finally inverted by. */
  readonly ones: bigint;
}

const CRC32C = crcTable(0x82f6_3b78n, 0xffff_ffffn);
const CRC64NVME = crcTable(0x9a6c_9329_ac4b_c9b5n, 0xffff_ffff_ffff_ffffn);

function crcTable(polynomial: bigint, ones: bigint): CrcTable {
  const remainders = Array.from({ length: 256 }, (_, byte) => {
    let remainder = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) {
      remainder = remainder & 1n ? (remainder >> 1n) ^ polynomial : remainder >> 1n;
    }
    return remainder;
  });
  const low = Uint32Array.from(remainders, (remainder) => Number(remainder & 0xffff_ffffn));
  const high = Uint32Array.from(remainders, (remainder) => Number(remainder >> 32n));
  return { low, high, ones };
}

/** Eight bytes, big-endian; a CRC of 32 bits is in the last four. */
function reflectedCrc(body: Uint8Array, { low, high, ones }: CrcTable): Buffer {
  let lowRest = Number(ones & 0xffff_ffffn);
  let highRest = Number(ones >> 32n);
  for (const byte of body) {
    const index = (lowRest ^ byte) & 0xff;
    lowRest = ((lowRest >>> 8) | (highRest << 24)) ^ (low[index] ?? 0);
    highRest = (highRest >>> 8) ^ (high[index] ?? 0);
  }
  const digest = Buffer.alloc(8);
  const remainder = (BigInt(highRest >>> 0) << 32n) | BigInt(lowRest >>> 0);
  digest.writeBigUInt64BE(remainder ^ ones);
  return digest;
}
