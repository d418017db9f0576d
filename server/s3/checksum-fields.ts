import type { Checksum, ChecksumAlgorithm } from "../../shared/api.ts";

/** Where the SDK's commands and answers tell checksums. */
export interface ChecksumFields {
  readonly ChecksumCRC64NVME?: string | undefined;
  readonly ChecksumCRC32C?: string | undefined;
  readonly ChecksumCRC32?: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
  readonly ChecksumSHA1?: string | undefined;
}

/**
 * The checksum of all bytes that an answer tells, the strongest of several. A composite one, `value-N`,
 * is one of the parts' checksums and says nothing of the bytes.
 */
export function checksumIn(answer: ChecksumFields): Checksum | undefined {
  const values = [
    // There is no composite one of these, but Ceph RGW says so of an object of one part.
    ["CRC64NVME", answer.ChecksumCRC64NVME?.replace(/-1$/, "")],
    ["CRC32C", answer.ChecksumCRC32C],
    ["CRC32", answer.ChecksumCRC32],
    ["SHA256", answer.ChecksumSHA256],
    ["SHA1", answer.ChecksumSHA1],
  ] as const;
  for (const [algorithm, value] of values) {
    if (value !== undefined && !value.includes("-")) return { algorithm, value };
  }
  return undefined;
}

/** A checksum as a command names it. */
export function toChecksumFields(checksum: Checksum | undefined): ChecksumFields {
  return checksum === undefined ? {} : { [`Checksum${checksum.algorithm}`]: checksum.value };
}

/** The header of a PUT, and the field of a form, that carries a checksum of this algorithm. */
export function checksumField(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** How a PUT asks for a checksum that the storage makes by itself. */
export function announcingHeaders(algorithm: ChecksumAlgorithm): Record<string, string> {
  return { "x-amz-sdk-checksum-algorithm": algorithm };
}

/** How a PUT says what its bytes sum up to; Ceph RGW looks only where the algorithm is announced. */
export function checksumHeaders({ algorithm, value }: Checksum): Record<string, string> {
  return { [checksumField(algorithm)]: value, ...announcingHeaders(algorithm) };
}
