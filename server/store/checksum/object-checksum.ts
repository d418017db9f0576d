import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import {
  combineCrcValues,
  isCrcAlgorithm,
  type PartChecksum,
} from "../../../shared/checksum/index.ts";
import type { Checksum, ChecksumAlgorithm, ChecksumType } from "../engine.ts";
import { DIGEST_SIZE_BYTES } from "./digests.ts";

/** The type that S3 takes where none was asked for. */
export function defaultChecksumType(algorithm: ChecksumAlgorithm): ChecksumType {
  return algorithm === "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE";
}

/** Whether S3 has this combination: CRC64NVME is never composite, the SHAs never of the full object. */
export function isChecksumTypeAllowed(algorithm: ChecksumAlgorithm, type: ChecksumType): boolean {
  if (algorithm === "CRC64NVME") return type === "FULL_OBJECT";
  return type === "COMPOSITE" || isCrcAlgorithm(algorithm);
}

/** Whether `value` is base64 of a digest of the algorithm's length. */
export function isDigestValue(algorithm: ChecksumAlgorithm | "MD5", value: string): boolean {
  const digest = Buffer.from(value, "base64");
  return digest.length === DIGEST_SIZE_BYTES[algorithm] && digest.toString("base64") === value;
}

/**
 * The checksum of a multipart object from those of its parts: combined for FULL_OBJECT, the digest of
 * the joined digests with `-N` for COMPOSITE.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export function objectChecksum(
  algorithm: ChecksumAlgorithm,
  type: ChecksumType,
  parts: readonly PartChecksum[],
): Checksum {
  const value =
    type === "FULL_OBJECT" && isCrcAlgorithm(algorithm)
      ? combineCrcValues(algorithm, parts)
      : `${compositeDigest(algorithm, parts)}-${parts.length}`;
  return { algorithm, type, value };
}

/** The ETag of a multipart object: the MD5 of the parts' MD5s, and how many they are. */
export function multipartEtag(partEtags: readonly string[]): string {
  const hash = createHash("md5");
  for (const etag of partEtags) hash.update(Buffer.from(etag, "hex"));
  return `${hash.digest("hex")}-${partEtags.length}`;
}

function compositeDigest(algorithm: ChecksumAlgorithm, parts: readonly PartChecksum[]): string {
  const joined = Buffer.concat(parts.map(({ value }) => Buffer.from(value, "base64")));
  if (algorithm === "SHA1" || algorithm === "SHA256") {
    return createHash(algorithm).update(joined).digest("base64");
  }
  const digest = Buffer.alloc(4);
  // At most 40,000 bytes, so that a plain loop does for CRC32C, which has no synchronous native form.
  digest.writeUInt32BE(algorithm === "CRC32" ? crc32(joined) : crc32cOf(joined));
  return digest.toString("base64");
}

function crc32cOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
